package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.MassCancels;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mass cancels at CrossTrade's own rate: 3 calls a second, whatever the test's patience. */
@Tag("long")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BulkKillTest {

  private static final String VENUE = "crosstrade";
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final AtomicInteger IDS = new AtomicInteger();

  private Path data;
  private InVmStack stack;
  private MassCancels masses;
  private final List<MassReport> reports = new ArrayList<>();

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    data = dir;
    stack =
        InVmStack.start(
            new LocalStack.Options(
                data.resolve("stack"),
                0,
                0,
                Map.of(VENUE, VENUE),
                "1ms",
                false,
                Map.of(
                    "COUNTERMAND_HTTP_PORT",
                    "none",
                    "COUNTERMAND_VENUES_CROSSTRADE_TIMEOUT", // a third of it for 300 markers
                    "20s",
                    "COUNTERMAND_VENUES_CROSSTRADE_OPTIONS_BULK_CANCELS",
                    "true")));
    masses = new MassCancels(stack.connection());
  }

  @AfterAll
  void stop() {
    masses.close();
    stack.close();
  }

  @Test
  void shouldBeFlatByOneCallForThreeHundredOrders() throws Exception {
    // Given
    List<OrderRef> in = place("Bulk1", 300, null);
    List<OrderRef> out = place("Stay1", 5, null);
    awaitKnown(MassScope.of(VENUE, "Bulk1"), in.size());
    awaitKnown(MassScope.of(VENUE, "Stay1"), out.size());
    long before = stack.simulator().journal().count(VENUE, CallKind.MASS_CANCEL);
    // When
    MassCancel mass = mass(MassScope.of(VENUE, "Bulk1"), false);
    Instant asked = Instant.now();
    masses.ask(mass);
    Awaitility.await("flat at the venue")
        .atMost(PATIENCE)
        .until(() -> in.stream().allMatch(this::canceled));
    Duration flat = Duration.between(asked, Instant.now());
    MassReport last = report(mass, MassReport::last);
    Duration told = Duration.between(asked, Instant.now());
    // Then
    long singles = in.stream().mapToLong(order -> calls(order, CallKind.CANCEL)).sum();
    long looks = in.stream().mapToLong(order -> calls(order, CallKind.STATUS)).sum();
    System.out.printf(
        "300 orders: flat after %s, told after %s; %d calls of their own, %d look-ups%n",
        flat, told, singles, looks);
    assertThat(stack.simulator().journal().count(VENUE, CallKind.MASS_CANCEL) - before)
        .isEqualTo(1);
    assertThat(singles).as("in the burst, and while it was looked").isLessThan(100);
    assertThat(last.state()).isEqualTo(MassReport.State.DONE);
    assertThat(last.total()).isEqualTo(in.size());
    assertThat(last.canceled()).as(last.toString()).isEqualTo(in.size());
    assertThat(last.flat()).as(last.toString()).isTrue();
    assertThat(last.beyond()).isEmpty();
    assertThat(last.beyondUnknown()).isEmpty();
    assertThat(out).noneMatch(this::canceled);
    assertThat(audit()).isZero();
    assertThat(story(mass)).contains("one call for many", "account=Bulk1");
  }

  @Test
  void shouldNotHitAnOrderOfTheAccountThatIsNotInScope() throws Exception {
    // Given
    List<OrderRef> in = place("Bulk2", 40, "alpha");
    List<OrderRef> out = place("Bulk2", 1, "beta");
    MassScope scope = new MassScope(false, VENUE, "Bulk2", null, null, null, null, "alpha", null);
    awaitKnown(MassScope.of(VENUE, "Bulk2"), in.size() + out.size());
    long before = stack.simulator().journal().count(VENUE, CallKind.MASS_CANCEL);
    // When
    MassCancel mass = mass(scope, false);
    masses.ask(mass);
    MassReport last = report(mass, MassReport::last);
    // Then
    assertThat(stack.simulator().journal().count(VENUE, CallKind.MASS_CANCEL)).isEqualTo(before);
    assertThat(last.total()).isEqualTo(in.size());
    assertThat(last.canceled()).as(last.toString()).isEqualTo(in.size());
    assertThat(in).allMatch(order -> calls(order, CallKind.CANCEL) == 1);
    assertThat(out).noneMatch(this::canceled);
  }

  @Test
  void shouldLeaveTheRateToSingleCallsWhereEveryAccountHasAStranger() throws Exception {
    // Given: 15 accounts, each with one order that is not in scope
    List<OrderRef> in = new ArrayList<>();
    List<OrderRef> out = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      in.addAll(place("Many" + i, 10, "gamma"));
      out.addAll(place("Many" + i, 1, "delta"));
    }
    MassScope scope = new MassScope(false, VENUE, null, null, null, null, null, "gamma", null);
    awaitKnown(scope, in.size());
    long before = stack.simulator().journal().count(VENUE, CallKind.MASS_CANCEL);
    // When
    MassCancel mass = mass(scope, false);
    masses.ask(mass);
    MassReport last = report(mass, MassReport::last);
    // Then
    List<Instant> at =
        in.stream()
            .flatMap(order -> stack.simulator().journal().calls(order).stream())
            .filter(call -> call.kind() == CallKind.CANCEL)
            .map(call -> call.received().at())
            .sorted()
            .toList();
    long lists = listsBetween(at.getFirst(), at.getLast());
    int burst = 3; // gathered before, so not the rate's
    double seconds = Duration.between(at.getFirst(), at.getLast()).toMillis() / 1000.0;
    System.out.printf(
        "%d calls of single orders, %d lists between; %.2f of 3 calls/s were single calls%n",
        at.size(), lists, (at.size() - burst) / seconds / 3);
    assertThat(last.total()).isEqualTo(in.size());
    assertThat(last.canceled()).as(last.toString()).isEqualTo(in.size());
    assertThat(at).hasSize(in.size());
    assertThat(lists).as("one for ten single calls").isLessThanOrEqualTo(at.size() / 10 + 1);
    assertThat(stack.simulator().journal().count(VENUE, CallKind.MASS_CANCEL)).isEqualTo(before);
    assertThat(out).noneMatch(this::canceled);
  }

  private long listsBetween(Instant first, Instant last) {
    return stack.simulator().journal().calls(CallKind.FEED).stream()
        .map(JournalCall::received)
        .filter(
            call -> call.venue().equals(VENUE) && String.valueOf(call.account()).startsWith("Many"))
        .filter(call -> !call.at().isBefore(first) && !call.at().isAfter(last))
        .count();
  }

  @Test
  void shouldGiveEachItsOutcomeWhereTheAnswerIsLost() throws Exception {
    // Given
    List<OrderRef> in = place("Bulk3", 60, null);
    awaitKnown(MassScope.of(VENUE, "Bulk3"), in.size());
    long before = stack.simulator().journal().count(VENUE, CallKind.MASS_CANCEL);
    stack
        .simulator()
        .faults()
        .add(FaultRule.next(VENUE, 1, new Fault.Reset(true)).on(CallKind.MASS_CANCEL));
    // When
    MassCancel mass = mass(MassScope.of(VENUE, "Bulk3"), false);
    masses.ask(mass);
    MassReport last = report(mass, MassReport::last);
    // Then
    assertThat(stack.simulator().journal().count(VENUE, CallKind.MASS_CANCEL))
        .isGreaterThan(before);
    assertThat(in).allMatch(this::canceled);
    assertThat(last.total()).isEqualTo(in.size());
    assertThat(last.canceled()).as(last.toString()).isEqualTo(in.size());
    assertThat(last.beyondUnknown()).containsExactly(VENUE + "/Bulk3");
    assertThat(audit()).isZero();
  }

  private boolean canceled(OrderRef order) {
    return stack.simulator().book().find(order).status() == OrdStatus.CANCELED;
  }

  private long calls(OrderRef order, CallKind kind) {
    return stack.simulator().journal().calls(order).stream()
        .filter(call -> call.kind() == kind)
        .count();
  }

  private List<OrderRef> place(String account, int many, @Nullable String algorithm) {
    List<OrderRef> orders = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      OrderRef order = new OrderRef(VENUE, account, Pipeline.orderId(VENUE));
      NewOrder placed = NewOrder.of(VENUE, account, order.orderId(), "10");
      stack
          .simulator()
          .book()
          .place(
              algorithm == null
                  ? placed
                  : placed.told(new OrderDetails(null, null, null, null, algorithm, null)));
      orders.add(order);
    }
    return orders;
  }

  private void awaitKnown(MassScope scope, int orders) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    MassReport last = null;
    while (Instant.now().isBefore(end)) {
      MassCancel dry = mass(scope, true);
      masses.ask(dry);
      last = report(dry, MassReport::last);
      if (last.total() == orders) {
        return;
      }
    }
    throw new AssertionError(orders + " orders are not known: " + last);
  }

  private static MassCancel mass(MassScope scope, boolean dryRun) {
    return new MassCancel(
        "bulk-" + IDS.incrementAndGet(),
        scope,
        "test",
        "drill",
        null,
        dryRun,
        false,
        Instant.now());
  }

  private MassReport report(MassCancel mass, Predicate<MassReport> wanted) {
    return Awaitility.await(mass.massId())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> found(mass, wanted), one -> one != null);
  }

  private @Nullable MassReport found(MassCancel mass, Predicate<MassReport> wanted) {
    reports.addAll(masses.poll(Duration.ofMillis(50)));
    return reports.stream()
        .filter(one -> one.mass().massId().equals(mass.massId()) && wanted.test(one))
        .reduce((earlier, later) -> later)
        .orElse(null);
  }

  private int audit() {
    return Countermand.commandLine()
        .execute(
            "audit",
            "--config",
            stack.configFile().toString(),
            "--out",
            data.resolve("audit-" + IDS.incrementAndGet()).toString());
  }

  private String story(MassCancel mass) {
    var out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      int code =
          Countermand.commandLine()
              .execute("story", mass.massId(), "--config", stack.configFile().toString());
      assertThat(code).isZero();
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
