package io.countermand.app.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.bench.measure.Latencies;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A desk of its own process, stopped and started again under 100 cancels a second. What it measures
 * it prints: times to the venue of the time before, of as long after it is ready again, and the
 * longest wait between. What it asserts is that each cancel is carried out. For a minute each:
 * {@code -Dcountermand.restart-load.seconds=60}.
 */
@Tag("long")
@Tag("alone")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RestartLoadTest {

  private static final int SECONDS = Integer.getInteger("countermand.restart-load.seconds", 8);
  private static final int PER_SECOND = 100;
  private static final String VENUE = "cadenza";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<OrderRef, Instant> due = new ConcurrentHashMap<>();
  private Path data;
  private int port;
  private LocalStack stack;
  private IntentPublisher publisher;
  private Process desk;

  @BeforeEach
  void start(@TempDir Path dir) throws Exception {
    data = dir.resolve("stack");
    stack =
        LocalStack.start(
            new LocalStack.Options(
                data,
                0,
                0,
                Map.of(VENUE, VENUE),
                "5ms",
                true,
                Map.of(
                    "COUNTERMAND_HTTP_PORT", "none", "COUNTERMAND_VENUES_CADENZA_TIMEOUT", "60s")),
            _ -> {});
    stack.roles().stop("desk");
    try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = any.getLocalPort();
    }
    Files.writeString(
        data.resolve("desk.yaml"),
        Files.readString(stack.configFile()) + "\nhttp:\n  port: " + port + "\n");
    publisher = new IntentPublisher(stack.connection());
  }

  @AfterEach
  void stop() {
    if (desk != null) {
      desk.destroyForcibly();
    }
    publisher.close();
    stack.close();
  }

  @Test
  void shouldCarryOutEachCancelWhileTheDeskIsStartedAnew() throws Exception {
    desk = launch();
    awaitReady();
    // When
    load(() -> SECONDS * PER_SECOND <= due.size()); // warms up
    Instant before = Instant.now();
    int warm = due.size();
    load(() -> SECONDS * PER_SECOND <= due.size() - warm);
    Instant stopped = Instant.now();
    desk.destroy();
    Thread restart =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    desk.waitFor();
                    desk = launch();
                    awaitReady();
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    load(() -> !restart.isAlive());
    Instant ready = Instant.now();
    int again = due.size();
    load(() -> SECONDS * PER_SECOND <= due.size() - again);
    // Then
    Set<String> orders = due.keySet().stream().map(OrderRef::key).collect(Collectors.toSet());
    Awaitility.await("each has its outcome")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> answered().containsAll(orders));
    Map<String, List<Instant>> calls = calls();
    assertThat(calls).hasSize(due.size());
    long twice = calls.values().stream().filter(each -> each.size() > 1).count();
    System.out.printf(
        Locale.ROOT,
        "RESTART-LOAD ready %d ms after it was stopped; %d cancels, %d called twice%n",
        Duration.between(stopped, ready).toMillis(),
        due.size(),
        twice);
    print("before", between(before, stopped, calls));
    print("stopped, until ready", between(stopped, ready, calls));
    print("after it was ready", between(ready, Instant.MAX, calls));
    assertThat(twice).as("stopped in order, it leaves nothing half done").isZero();
  }

  private Process launch() throws IOException {
    var process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms256m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Dcountermand.log.kafka=ERROR",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "io.countermand.app.Countermand",
            "desk",
            "--config",
            data.resolve("desk.yaml").toString());
    process.environment().put("COUNTERMAND_VENUES_CADENZA_TIMEOUT", "60s");
    return process
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("desk.out").toFile()))
        .start();
  }

  private void awaitReady() {
    var ask =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready")).build();
    Awaitility.await("the desk is ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> http.send(ask, BodyHandlers.discarding()).statusCode() == 200);
  }

  private interface Until {
    boolean over();
  }

  /** A cancel each 10 ms, however long those before it take. */
  private void load(Until until) {
    Instant begins = Instant.now();
    long start = System.nanoTime();
    for (long i = 0; !until.over(); i++) {
      long at = i * 1_000_000_000L / PER_SECOND;
      for (long left; (left = start + at - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
      OrderRef order = new OrderRef(VENUE, "Restart", Pipeline.orderId(VENUE));
      stack.simulator().book().place(NewOrder.of(VENUE, order.account(), order.orderId(), "10"));
      due.put(order, begins.plusNanos(at));
      var _ = publisher.publish(Pipeline.patient(order));
    }
  }

  private Set<String> answered() {
    return Pipeline.read(stack.connection(), Topics.OUTCOMES).stream()
        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
        .collect(Collectors.toSet());
  }

  /** When each was called, by order id. */
  private Map<String, List<Instant>> calls() {
    Map<String, List<Instant>> calls = new HashMap<>();
    for (JournalCall call : stack.simulator().journal().calls(CallKind.CANCEL)) {
      calls
          .computeIfAbsent(call.received().orderId(), _ -> new ArrayList<>())
          .add(call.received().at());
    }
    return calls;
  }

  private Latencies between(Instant from, Instant to, Map<String, List<Instant>> calls) {
    return Latencies.of(
        due.entrySet().stream()
            .filter(each -> !each.getValue().isBefore(from) && each.getValue().isBefore(to))
            .mapToLong(
                each ->
                    Duration.between(each.getValue(), calls.get(each.getKey().orderId()).getFirst())
                            .toNanos()
                        / 1000)
            .toArray());
  }

  private static void print(String what, Latencies measured) {
    System.out.printf(
        Locale.ROOT,
        "RESTART-LOAD %s: ms p50 %.1f p90 %.1f p99 %.1f longest %.0f%n",
        what,
        measured.p50(),
        measured.p90(),
        measured.p99(),
        measured.max());
  }
}
