package io.countermand.app.tracing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import io.countermand.app.config.Config;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.TraceContext;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.kafka.trace.Hop;
import io.countermand.kafka.trace.Hops;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What an export costs a role: CPU time of a process that tells of the three steps of a plain
 * cancel, with and without, in pairs. What it measures it prints; what it asserts is that each span
 * was taken.
 */
@Tag("long")
@Tag("alone")
class TracingCostTest {

  private static final int PAIRS = Integer.getInteger("countermand.tracing-cost.pairs", 8);
  private static final int PER_SECOND = 1_000;
  private static final int CANCELS = 2_000;
  private static final int STEPS = 3;

  /** A collector in a process of its own, lest its CPU time be counted. */
  static final class Collector {
    public static void main(String[] arguments) throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/v1/traces",
          exchange -> {
            try (exchange) {
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(200, -1);
            }
          });
      server.start();
      System.out.println(server.getAddress().getPort());
    }
  }

  @Test
  void shouldTellWhatAnExportCosts() throws Exception {
    // Given
    Process collector =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Collector.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var meters = new SimpleMeterRegistry();
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    try (var said = collector.inputReader();
        Tracing tracing = open("http://127.0.0.1:" + said.readLine(), meters)) {
      measure(Hops.NONE, "warm");
      measure(tracing.hops(), "warm");
      // When
      for (int i = 0; i < PAIRS; i++) {
        without.add(measure(Hops.NONE, "without" + i));
        with.add(measure(tracing.hops(), "with" + i));
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(120))
          .until(() -> count(meters, "exported") >= (PAIRS + 1) * CANCELS * STEPS);
    } finally {
      collector.destroyForcibly().onExit().join();
    }
    // Then
    List<Double> more = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      more.add(with.get(i) - without.get(i));
    }
    System.out.printf(
        Locale.ROOT,
        "TRACING-COST %d pairs of %d cancels at %d/s, %d spans each: without %.0f µs of CPU a cancel,"
            + " with %.0f; more by %.0f (%.0f to %.0f)%n",
        PAIRS,
        CANCELS,
        PER_SECOND,
        STEPS,
        median(without),
        median(with),
        median(more),
        more.stream().mapToDouble(each -> each).min().orElse(0),
        more.stream().mapToDouble(each -> each).max().orElse(0));
    assertThat(count(meters, "exported")).isEqualTo((PAIRS + 1) * CANCELS * STEPS);
    assertThat(count(meters, "dropped") + count(meters, "failed")).isZero();
  }

  private static Tracing open(String endpoint, SimpleMeterRegistry meters) {
    return Tracing.open(
        Config.load(Optional.empty(), Map.of("COUNTERMAND_TRACING_OTLP_ENDPOINT", endpoint)),
        meters);
  }

  /** Of the whole process, collection of garbage included; what waits is sent meanwhile. */
  private static double measure(Hops hops, String run) {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    for (int i = 0; i < CANCELS; i++) {
      long due = start + i * 1_000_000_000L / PER_SECOND;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      tell(hops, run + "-" + i);
    }
    long over = System.nanoTime() + 1_500_000_000L; // as long as the last spans may wait
    while (System.nanoTime() < over) {
      LockSupport.parkNanos(over - System.nanoTime());
    }
    return (system.getProcessCpuTime() - cpu) / 1e3 / CANCELS;
  }

  /** As desk and ledger do, ids and all. */
  private static void tell(Hops hops, String id) {
    Instant now = Instant.now();
    var cancel =
        new Cancel(
            id,
            new OrderRef("cadenza", "Sim101", id),
            null,
            null,
            null,
            false,
            false,
            null,
            now,
            now.plusSeconds(30),
            now,
            new Evidence("cancel-intents", 0, 1),
            "digest");
    TraceContext asked =
        requireNonNull(
            TraceContext.parse(
                "00-%032x-00f067aa0ba902b7-01".formatted(id.hashCode() & 0xffffffffL), null));
    TraceContext desk = asked.atDesk(cancel);
    TraceContext attempt = desk.atAttempt(id + "-1");
    hops.took(
        new Hop.Decided(
            desk, asked.spanId(), cancel, new DeskDecision.Route(null), now, Instant.now()));
    hops.took(
        new Hop.Called(
            attempt,
            desk.spanId(),
            new CancelRequest(cancel, RequestKind.CANCEL, 1, null, now),
            id + "-1",
            new Reply.Canceled(ReplyDetails.NOTHING),
            now,
            now,
            Instant.now(),
            "POST /orders",
            "HTTP 200"));
    hops.took(
        new Hop.Settled(
            asked.atOutcome(cancel),
            desk.spanId(),
            new Outcome(
                cancel,
                CancelResult.CANCELED,
                Reason.CONFIRMED_BY_VENUE,
                "canceled",
                null,
                null,
                null,
                null,
                DecidedBy.VENUE,
                null,
                null,
                null,
                List.of(),
                List.of(),
                now),
            null,
            now,
            Instant.now()));
  }

  private static double count(SimpleMeterRegistry meters, String result) {
    return meters.get("countermand.trace.spans").tag("result", result).counter().count();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }
}
