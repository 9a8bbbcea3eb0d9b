package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.drill.DrillOrders;
import io.countermand.app.local.LocalStack;
import io.countermand.app.local.UpCommand;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.Intent;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.MassCancels;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How soon a mass cancel is at the venues, and the same orders as single intents beside it, in
 * turn; six venues, rates lifted. What it measures it prints; what it asserts is that each order is
 * called once. For 20 tries of 10,000: {@code -Dcountermand.mass-speed.orders=10000
 * -Dcountermand.mass-speed.tries=20}.
 */
@Tag("long")
@Tag("alone")
@Timeout(value = 60, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MassSpeedTest {

  private static final int ORDERS = Integer.getInteger("countermand.mass-speed.orders", 600);
  private static final int TRIES = Integer.getInteger("countermand.mass-speed.tries", 1);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private InVmStack stack;
  private Map<String, String> venues;
  private DrillOrders orders;
  private IntentPublisher publisher;
  private MassCancels masses;
  private final Map<String, MassReport> reports = new HashMap<>();

  /** From when it was asked for. */
  private record Speed(Duration first, Duration last) {}

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    venues = UpCommand.venues(List.of());
    orders = new DrillOrders(1, venues);
    Map<String, String> patient = new HashMap<>();
    patient.put("COUNTERMAND_HTTP_PORT", "none");
    for (String venue : venues.keySet()) { // a busy machine is no reason for a second call
      patient.put(
          "COUNTERMAND_VENUES_" + venue.toUpperCase(Locale.ROOT).replace('-', '_') + "_TIMEOUT",
          "60s");
    }
    stack =
        InVmStack.start(
            new LocalStack.Options(dir.resolve("stack"), 0, 0, venues, "5ms", true, patient));
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
  void shouldCallEachOrderOnceEitherWay() throws Exception {
    massCancel(Math.min(ORDERS, 1_000));
    singleIntents(Math.min(ORDERS, 1_000));
    List<Speed> masses = new ArrayList<>();
    List<Speed> singles = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      masses.add(massCancel(ORDERS));
      singles.add(singleIntents(ORDERS));
    }
    print("one mass cancel", masses);
    print("single intents", singles);
  }

  private Speed massCancel(int count) throws Exception {
    List<NewOrder> placed = place(count);
    MassCancel mass = mass(false);
    Instant asked = Instant.now();
    masses.ask(mass);
    Speed speed = called(placed, asked);
    MassReport last = report(mass);
    assertThat(last.canceled()).as(last.text()).isEqualTo(count);
    assertThat(last.flat()).as(last.text()).isTrue();
    return speed;
  }

  private Speed singleIntents(int count) throws Exception {
    List<NewOrder> placed = place(count);
    List<Intent> intents = placed.stream().map(one -> Pipeline.patient(one.ref())).toList();
    Instant asked = Instant.now();
    CompletableFuture.allOf(
            intents.stream()
                .map(each -> publisher.publish(each).toCompletableFuture())
                .toArray(CompletableFuture[]::new))
        .get(60, TimeUnit.SECONDS);
    return called(placed, asked);
  }

  /** Until the table knows them, and nothing else is open. */
  private List<NewOrder> place(int count) throws Exception {
    awaitOpen(0);
    List<NewOrder> placed = orders.next(count);
    placed.forEach(stack.simulator().book()::place);
    awaitOpen(count);
    return placed;
  }

  private void awaitOpen(int count) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    int open = -1;
    while (open != count) {
      assertThat(Instant.now()).as(count + " open, not " + open).isBefore(end);
      MassCancel dry = mass(true);
      masses.ask(dry);
      open = report(dry).total();
    }
  }

  private Speed called(List<NewOrder> placed, Instant asked) throws Exception {
    Set<String> ids = placed.stream().map(one -> one.ref().orderId()).collect(Collectors.toSet());
    Awaitility.await("each is called")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> times(ids).size() >= placed.size());
    awaitOpen(0); // a call that comes twice has come by then
    long[] micros =
        times(ids).stream().mapToLong(at -> Duration.between(asked, at).toNanos() / 1000).toArray();
    assertThat(micros).as("none twice").hasSize(placed.size());
    Arrays.sort(micros);
    return new Speed(
        Duration.ofNanos(micros[0] * 1000), Duration.ofNanos(micros[micros.length - 1] * 1000));
  }

  private List<Instant> times(Set<String> ids) {
    return stack.simulator().journal().calls(CallKind.CANCEL).stream()
        .map(JournalCall::received)
        .filter(call -> ids.contains(call.orderId()))
        .map(call -> call.at())
        .toList();
  }

  private static MassCancel mass(boolean dry) {
    Instant now = Instant.now();
    return new MassCancel(
        UUID.randomUUID().toString(),
        MassScope.ALL,
        "test",
        "how fast",
        now.plus(Duration.ofMinutes(5)),
        dry,
        true,
        now);
  }

  private MassReport report(MassCancel mass) {
    Awaitility.await(mass.massId())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              masses.poll(Duration.ofMillis(50)).stream()
                  .filter(MassReport::last)
                  .forEach(one -> reports.put(one.mass().massId(), one));
              return reports.containsKey(mass.massId());
            });
    return reports.get(mass.massId());
  }

  private static void print(String what, List<Speed> all) {
    System.out.printf(
        "MASS-SPEED %,d orders, %s: first call after ms %s; all after ms %s%n",
        ORDERS,
        what,
        all.stream().map(each -> each.first().toMillis()).toList(),
        all.stream().map(each -> each.last().toMillis()).toList());
  }
}
