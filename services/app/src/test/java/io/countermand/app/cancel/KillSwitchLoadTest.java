package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.bench.measure.Latencies;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.MassCancels;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * 200 orders a second open under a kill switch, and 50 cancels a second of other accounts go on.
 * What it measures it prints; what it asserts is which orders were called, and how often. For a
 * minute: {@code -Dcountermand.switch-load.seconds=60}.
 */
@Tag("long")
@Tag("alone")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillSwitchLoadTest {

  private static final int SECONDS = Integer.getInteger("countermand.switch-load.seconds", 10);
  private static final int PAIRS = SECONDS < 30 ? 1 : 3;
  private static final int IN_SCOPE = 200; // a second
  private static final int OTHERS = 50; // a second
  private static final int STRANGERS = 20;
  private static final String VENUE = "cadenza";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private InVmStack stack;
  private IntentPublisher publisher;
  private MassCancels masses;
  private final List<MassReport> reports = new ArrayList<>();

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    stack =
        InVmStack.start(
            new LocalStack.Options(
                dir.resolve("stack"),
                0,
                0,
                Map.of(VENUE, VENUE),
                "5ms",
                true,
                Map.of(
                    "COUNTERMAND_HTTP_PORT",
                    "none",
                    "COUNTERMAND_VENUES_CADENZA_TIMEOUT", // a busy machine is no reason for a
                    "60s"))); // second call
    publisher = new IntentPublisher(stack.connection());
    masses = new MassCancels(stack.connection());
  }

  @AfterAll
  void stop() {
    masses.close();
    publisher.close();
    stack.close();
  }

  @Test
  void shouldCancelEachOrderThatOpensOnceAndLetOthersGoOn() throws Exception {
    singles("WarmUp", Math.min(SECONDS, 20));
    for (int pair = 0; pair < PAIRS; pair++) {
      print("others' cancels beside as many single ones", singles("Single" + pair, SECONDS));
      print("others' cancels under a kill switch", underSwitch("Switch" + pair, SECONDS));
    }
  }

  /** The same load without a switch. */
  private Latencies singles(String account, int seconds) throws Exception {
    List<OrderRef> in = place(account, seconds * IN_SCOPE);
    return load(seconds, account, i -> publisher.publish(Pipeline.patient(in.get(i))), in);
  }

  private Latencies underSwitch(String account, int seconds) throws Exception {
    // Given
    List<OrderRef> strangers = place(account + "Stay", STRANGERS);
    List<OrderRef> in = new ArrayList<>();
    for (int i = 0; i < seconds * IN_SCOPE; i++) {
      in.add(order(account));
    }
    MassCancel fire = mass(account, null);
    masses.ask(fire);
    assertThat(report(fire).state()).isEqualTo(MassReport.State.DONE);
    // When, then
    Latencies others = load(seconds, account, i -> open(in.get(i)), in);
    assertThat(strangers).allMatch(order -> calls(Set.of(order)).isEmpty());
    MassCancel release = mass(account, fire.massId());
    masses.ask(release);
    assertThat(report(release).state()).isEqualTo(MassReport.State.DONE);
    return others;
  }

  private interface Each {
    void happens(int number);
  }

  /** Returns the others' times to the venue once each order was called, and has its outcome. */
  private Latencies load(int seconds, String account, Each inScope, Collection<OrderRef> in)
      throws Exception {
    List<OrderRef> others = place(account + "Others", seconds * OTHERS);
    Map<OrderRef, Instant> due = new LinkedHashMap<>();
    int all = seconds * (IN_SCOPE + OTHERS);
    long start = System.nanoTime();
    Instant begins = Instant.now();
    int scoped = 0;
    for (int i = 0; i < all; i++) {
      long at = i * 1_000_000_000L / (IN_SCOPE + OTHERS);
      for (long left; (left = start + at - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
      if (i % 5 == 0) {
        OrderRef order = others.get(i / 5);
        due.put(order, begins.plusNanos(at));
        var _ = publisher.publish(Pipeline.patient(order));
      } else {
        inScope.happens(scoped++);
      }
    }
    Set<OrderRef> orders = new HashSet<>(in);
    orders.addAll(others);
    Awaitility.await("each has its outcome")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> answered(account).containsAll(orders.stream().map(OrderRef::key).toList()));
    Map<String, List<Instant>> calls = calls(orders);
    assertThat(calls).as("called").hasSize(orders.size());
    assertThat(calls.values()).as("none twice").allMatch(each -> each.size() == 1);
    return Latencies.of(
        due.entrySet().stream()
            .mapToLong(
                each ->
                    Duration.between(each.getValue(), calls.get(each.getKey().orderId()).getFirst())
                            .toNanos()
                        / 1000)
            .toArray());
  }

  private Set<String> answered(String account) {
    return Pipeline.read(stack.connection(), Topics.OUTCOMES).stream()
        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
        .filter(key -> key.startsWith(VENUE + "/" + account))
        .collect(Collectors.toSet());
  }

  /** When each was called, by order id. */
  private Map<String, List<Instant>> calls(Set<OrderRef> orders) {
    Set<String> ids = orders.stream().map(OrderRef::orderId).collect(Collectors.toSet());
    Map<String, List<Instant>> calls = new HashMap<>();
    for (JournalCall call : stack.simulator().journal().calls(CallKind.CANCEL)) {
      String id = call.received().orderId();
      if (ids.contains(id)) {
        calls.computeIfAbsent(id, _ -> new ArrayList<>()).add(call.received().at());
      }
    }
    return calls;
  }

  private static OrderRef order(String account) {
    return new OrderRef(VENUE, account, Pipeline.orderId(VENUE));
  }

  private void open(OrderRef order) {
    stack.simulator().book().place(NewOrder.of(VENUE, order.account(), order.orderId(), "10"));
  }

  private List<OrderRef> place(String account, int count) {
    List<OrderRef> orders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      orders.add(order(account));
    }
    orders.forEach(this::open);
    return orders;
  }

  /**
   * @param releases null: a kill switch over the account
   */
  private static MassCancel mass(String account, @Nullable String releases) {
    String id = UUID.randomUUID().toString();
    Instant now = Instant.now();
    return releases == null
        ? new MassCancel(
            id, MassScope.of(null, account), "test", "drill", null, false, false, now, true, null)
        : MassCancel.release(id, releases, "test", "over", now);
  }

  private MassReport report(MassCancel mass) {
    Awaitility.await(mass.massId())
        .atMost(PATIENCE)
        .until(
            () -> {
              reports.addAll(masses.poll(Duration.ofMillis(50)));
              return reports.stream().anyMatch(one -> isLast(one, mass));
            });
    return reports.stream().filter(one -> isLast(one, mass)).findFirst().orElseThrow();
  }

  private static boolean isLast(MassReport one, MassCancel mass) {
    return one.mass().massId().equals(mass.massId()) && one.last();
  }

  private static void print(String what, Latencies measured) {
    System.out.printf(
        Locale.ROOT,
        "SWITCH-LOAD %s: ms p50 %.1f p99 %.1f longest %.0f%n",
        what,
        measured.p50(),
        measured.p99(),
        measured.max());
  }
}
