package io.countermand.app.venues;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Rate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * More cancels at once than venues take at once, at the rates that the adapters come with; beside
 * them a slow venue, whose queue has an order that can be seen; and in the middle of it a desk that
 * is stopped and started. Each order is called once, and in time. Looks at intents, outcomes and
 * the venue's journal only. A stack of its own: the shared one lifts the rates.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DefaultRatesScenario {

  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final String LOCKED = "{\"failureReason\":\"TradingLocked\"}";

  private static final String SLOW = "slow";
  private static final Rate SLOWLY = Rate.perSecond(2, 1);
  private static final int WAITING = 28;

  /** So many wait there when the desk is stopped: ten seconds of the rate. */
  private static final int ACROSS_THE_RESTART = 20;

  /** Of those that wait, so many may be called while an intent comes from the log to the queue. */
  private static final int ON_THE_WAY = 10;

  /** Beyond the time that the rates ask for: a desk's restart, on a machine that is busy. */
  private static final Duration MARGIN = Duration.ofSeconds(120);

  private final Map<String, Integer> orders;
  private final Map<Intent, List<Outcome>> outcomes = new LinkedHashMap<>();
  private final List<OrderRef> refused = new ArrayList<>();
  private Instant begun = Instant.EPOCH;
  private InVmStack stack;
  private IntentPublisher publisher;
  private OutcomeReader reader;
  private Intent urgent;
  private Intent other;
  private List<Intent> waited = List.of();
  private int slow = WAITING;

  /**
   * @param orders how many cancels at once, by adapter; a desk that has just started calls none of
   *     them before the rate allows it
   */
  DefaultRatesScenario(Map<String, Integer> orders) {
    this.orders = new TreeMap<>(orders);
  }

  @BeforeAll
  @Timeout(value = 12, unit = TimeUnit.MINUTES)
  void manyCancelsAtOnce(@TempDir Path data) throws IOException {
    // Given open orders; Tradovate refuses to cancel one when first asked, and would do so later
    stack = InVmStack.start(options(data));
    publisher = new IntentPublisher(stack.connection());
    reader = OutcomeReader.fromBeginning(stack.connection());
    List<Intent> intents = new ArrayList<>();
    orders.forEach((venue, n) -> intents.addAll(intents(venue, n)));
    intents.stream()
        .map(Intent::order)
        .filter(order -> order.venue().equals("tradovate"))
        .forEach(refused::add);
    refused.forEach(this::refuseOnce);
    intents.addAll(intents(SLOW, WAITING));
    urgent = with(intents(SLOW, 1).getFirst(), 5);
    other = in("Sim202");
    // When
    begun = Instant.now();
    send(intents);
    // And two that go before the rest, once many wait
    Awaitility.await("first calls").atMost(MARGIN).until(() -> called(SLOW).size() >= 3);
    send(List.of(urgent, other));
    Awaitility.await("calls of these two")
        .atMost(MARGIN)
        .until(() -> cancels(urgent.order()) > 0 && cancels(other.order()) > 0);
    // And a restart, while others wait, also where all this took long
    int left = slow - called(SLOW).size();
    List<Intent> more = intents(SLOW, Math.max(0, ACROSS_THE_RESTART - left));
    slow += more.size();
    intents.addAll(more);
    send(more);
    stack.stop("desk");
    waited = intents.stream().filter(intent -> cancels(intent.order()) == 0).toList();
    stack.start("desk");
    await(List.copyOf(outcomes.keySet()));
    // And one more each, so that what would be called again has been
    List<Intent> last =
        Stream.concat(orders.keySet().stream(), Stream.of(SLOW))
            .flatMap(venue -> intents(venue, 1).stream())
            .toList();
    send(last);
    await(last);
  }

  @AfterAll
  void end() {
    reader.close();
    publisher.close();
    stack.close();
  }

  @Test
  void shouldCallEachOrderOnce() {
    assertThat(outcomes.keySet().stream().map(Intent::order).filter(order -> cancels(order) != 1))
        .isEmpty();
  }

  @Test
  void shouldGiveEachIntentOneTrueOutcome() {
    outcomes.forEach(
        (intent, all) ->
            assertThat(all)
                .as("%s", intent.order())
                .extracting(Outcome::result)
                .containsExactly(truth(intent.order())));
  }

  /**
   * In turn, and not behind all; some calls were made while these two were on their way. Where they
   * came into the log so late that few were left to wait, this shows nothing.
   */
  @Test
  void shouldCallAPriorityAndAnotherAccountsSingleCancelBeforeTheRest() {
    List<String> order = called(SLOW);
    for (Intent intent : List.of(urgent, other)) {
      assertThat(order.indexOf(intent.order().orderId()))
          .isLessThanOrEqualTo(calledBefore(intent) + ON_THE_WAY);
    }
  }

  /** Calls of the slow venue before the intent was in the log. */
  private int calledBefore(Intent intent) {
    Instant logged = outcomes.getOrDefault(intent, List.of()).getFirst().cancel().receivedAt();
    return Math.toIntExact(
        stack.simulator().journal().calls().stream()
            .filter(call -> call.kind() == CallKind.CANCEL)
            .filter(call -> call.received().venue().equals(SLOW))
            .filter(call -> call.received().at().isBefore(logged))
            .count());
  }

  @Test
  void shouldCallWhatWaitedAcrossARestartOnce() {
    assertThat(waited).extracting(intent -> intent.order().venue()).contains(SLOW);
    assertThat(waited).extracting(intent -> cancels(intent.order())).containsOnly(1L);
  }

  /** Whatever Tradovate refuses stays open; all else is cancelled. */
  @Test
  void shouldLeaveOpenWhatWasRefused() {
    assertThat(outcomes.keySet().stream().map(Intent::order).filter(this::open))
        .containsExactlyInAnyOrderElementsOf(refused);
  }

  @Test
  void shouldNotExceedTheRate() {
    assertThat(orders.keySet()).allSatisfy(this::withinTheRate);
  }

  /**
   * In no window more calls than burst and rate allow. A call may arrive late, but not before the
   * rate allowed it: windows that begin within the burst begin with the first intent.
   */
  private void withinTheRate(String venue) {
    Rate rate = rate(venue);
    List<Instant> at =
        stack.simulator().journal().calls().stream()
            .filter(call -> FaultRule.ORDERS.contains(call.kind()))
            .filter(call -> call.received().venue().equals(venue))
            .map(call -> call.received().at())
            .toList();
    for (int from = 0; from < at.size(); from++) {
      Instant start = from < rate.burst() ? begun : at.get(from);
      int before = from < rate.burst() ? 0 : from;
      for (int to = from; to < at.size(); to++) {
        double periods =
            (double) Duration.between(start, at.get(to)).toNanos() / rate.period().toNanos();
        assertThat((double) to - before)
            .as("calls between %s and %s, the last left out", start, at.get(to))
            .isLessThanOrEqualTo(rate.burst() + rate.permits() * periods);
      }
    }
  }

  private void send(List<Intent> intents) {
    intents.forEach(intent -> outcomes.put(intent, new ArrayList<>()));
    intents.stream()
        .map(publisher::publish)
        .toList()
        .forEach(sent -> sent.toCompletableFuture().join());
  }

  /** Returns when each has an outcome; fails when the rates have long allowed all their calls. */
  private void await(List<Intent> intents) {
    Map<String, Intent> byId =
        outcomes.keySet().stream().collect(Collectors.toMap(Intent::cancelId, i -> i));
    Set<Intent> open = new LinkedHashSet<>(intents);
    open.removeIf(intent -> !outcomes.getOrDefault(intent, List.of()).isEmpty());
    Instant began = Instant.now();
    Duration patience = patience();
    while (!open.isEmpty()) {
      for (var read : reader.poll(Duration.ofMillis(100))) {
        Intent of = byId.get(read.outcome().cancel().cancelId());
        outcomes.get(of).add(read.outcome());
        open.remove(of);
      }
      if (Instant.now().isAfter(began.plus(patience))) {
        fail(
            "%d s after they could have been called, these have no outcome (never called: %s): %s",
            MARGIN.toSeconds(),
            open.stream().filter(intent -> cancels(intent.order()) == 0).count(),
            open.stream().map(Intent::order).toList());
      }
    }
  }

  /** What the slowest venue takes for all its calls, and a margin. */
  private Duration patience() {
    return orders.entrySet().stream()
        .map(each -> time(rate(each.getKey()), each.getValue()))
        .reduce(time(SLOWLY, slow), (a, b) -> a.compareTo(b) > 0 ? a : b)
        .plus(MARGIN);
  }

  private static Duration time(Rate rate, int calls) {
    return rate.period().multipliedBy(calls).dividedBy(rate.permits());
  }

  private static Rate rate(String venue) {
    return Venues.provider(venue).defaults().rate();
  }

  private List<Intent> intents(String venue, int n) {
    List<Intent> intents = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      OrderRef order = new OrderRef(venue, "Sim101", Pipeline.orderId(venue));
      stack.simulator().book().place(NewOrder.of(venue, order.account(), order.orderId(), "10"));
      Instant now = Instant.now();
      intents.add(
          new Intent(
              Pipeline.id(),
              order,
              null,
              null,
              null,
              now.plus(DEADLINE),
              false,
              false,
              null,
              Map.of(),
              now));
    }
    return intents;
  }

  private Intent in(String account) {
    Intent plain = intents(SLOW, 1).getFirst();
    OrderRef order = new OrderRef(SLOW, account, Pipeline.orderId(SLOW));
    stack.simulator().book().place(NewOrder.of(SLOW, account, order.orderId(), "10"));
    return new Intent(
        Pipeline.id(),
        order,
        null,
        null,
        null,
        plain.deadline(),
        false,
        false,
        null,
        Map.of(),
        plain.createdAt());
  }

  private static Intent with(Intent plain, int priority) {
    return new Intent(
        plain.cancelId(),
        plain.order(),
        null,
        null,
        null,
        plain.deadline(),
        false,
        false,
        null,
        priority,
        Map.of(),
        plain.createdAt());
  }

  /** Order ids of a venue's cancel calls, as they came. */
  private List<String> called(String venue) {
    return stack.simulator().journal().calls().stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .filter(call -> call.received().venue().equals(venue))
        .map(call -> requireNonNull(call.received().orderId()))
        .toList();
  }

  private void refuseOnce(OrderRef order) {
    var locked = FaultRule.next(order.venue(), 1, Fault.Say.json(200, LOCKED)).on(CallKind.CANCEL);
    stack.simulator().faults().add(locked.forOrder(order.orderId()));
  }

  private long cancels(OrderRef order) {
    return stack.simulator().journal().calls(order).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }

  private CancelResult truth(OrderRef order) {
    return open(order) ? CancelResult.REJECTED : CancelResult.CANCELED;
  }

  private boolean open(OrderRef order) {
    return requireNonNull(stack.simulator().book().find(order)).open();
  }

  private LocalStack.Options options(Path data) {
    Map<String, String> venues = new LinkedHashMap<>();
    orders.keySet().forEach(adapter -> venues.put(adapter, adapter));
    venues.put(SLOW, "cadenza");
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("COUNTERMAND_HTTP_PORT", "none");
    overrides.put("COUNTERMAND_TOPICS_PARTITIONS", "3");
    overrides.put("COUNTERMAND_VENUES_SLOW_RATE", SLOWLY.permits() + "/s");
    overrides.put("COUNTERMAND_VENUES_SLOW_BURST", Long.toString(SLOWLY.burst()));
    for (String venue : venues.keySet()) {
      String name = venue.replace('-', '_').toUpperCase(Locale.ROOT);
      // A call that a busy machine delays is not unanswered, and not called again.
      overrides.put("COUNTERMAND_VENUES_" + name + "_TIMEOUT", "20s");
    }
    return new LocalStack.Options(data, 0, 0, venues, "5ms", false, overrides);
  }
}
