package io.countermand.app.demo;

import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A seeded flow of the shape that trading has: most cancels hit open orders, some come too late,
 * some are repeated or doubled, and a few records make no sense. A flow that is long enough has two
 * cancels that nobody can answer; of one order it is known later how it ended.
 */
final class GeneratedFlow {

  /** An order stands this long before its cancel, so that its event has arrived. */
  private static final long STANDS_MS = 600;

  /** Of the intents that nobody can answer: the first ones, so that no flow is longer for them. */
  private static final int FIRST_SILENT = 10;

  private static final int SILENT = 2;
  private static final Duration SILENT_WITHIN = Duration.ofSeconds(4);

  /** When the venue tells how one of their orders ended: after its outcome. */
  private static final Duration KNOWN_AFTER = Duration.ofSeconds(9);

  private final SplittableRandom random;
  private final List<DemoVenue> venues;
  private final List<FlowStep> steps = new ArrayList<>();
  private final String prefix;
  private long orders;

  private GeneratedFlow(long seed, List<DemoVenue> venues) {
    this.random = new SplittableRandom(seed);
    this.venues = venues;
    this.prefix = "d" + Long.toHexString(seed) + "-";
  }

  /**
   * @param intents how many intents that can be answered
   * @param rate of intents per second
   */
  static Flow make(int intents, double rate, long seed, List<DemoVenue> venues) {
    var flow = new GeneratedFlow(seed, venues);
    boolean silent = (intents - FIRST_SILENT - SILENT) / rate > KNOWN_AFTER.toSeconds();
    for (int n = 0; n < intents; ) {
      long micros = STANDS_MS * 1000 + Math.round(n * 1e6 / rate);
      Duration at = Duration.ofNanos(micros * 1000);
      if (silent && n >= FIRST_SILENT) {
        for (int i = 0; i < SILENT; i++) {
          flow.silent(n++, at, i == 0);
        }
        silent = false;
      } else {
        n += flow.one(n, at, intents - n);
      }
    }
    return Flow.of("generated, seed " + seed, flow.steps);
  }

  /** Cancels of open orders and nothing else, to warm a fresh JVM up; counted nowhere. */
  static Flow warmUp(int intents, double rate, List<DemoVenue> venues) {
    var flow = new GeneratedFlow(0, venues);
    flow.orders = 500_000_000; // no order of the flow that is counted
    for (int n = 0; n < intents; n++) {
      Duration at = Duration.ofMillis(STANDS_MS).plusNanos(Math.round(n * 1e9 / rate));
      OrderRef order = TradingFirm.order(venues.get(n % venues.size()), flow.orders++);
      flow.place(order, at);
      flow.send(at, TradingFirm.cancel("warm-up-" + n, order), FlowStep.Expect.OUTCOME);
    }
    return Flow.of("warm-up", flow.steps);
  }

  /** Adds one or two intents; returns how many. */
  private int one(int n, Duration at, int left) {
    String id = prefix + n;
    OrderRef order = TradingFirm.order(venues.get(random.nextInt(venues.size())), orders++);
    int kind = random.nextInt(1000);
    if (kind < 640) {
      place(order, at);
      send(at, TradingFirm.cancel(id, order), FlowStep.Expect.OUTCOME);
    } else if (kind < 700) {
      place(order, at);
      steps.add(
          new FlowStep.Fill(at.minusMillis(300), order, BigDecimal.valueOf(1 + random.nextInt(9))));
      send(at, TradingFirm.cancel(id, order), FlowStep.Expect.OUTCOME);
    } else if (kind < 820) {
      place(order, at);
      steps.add(new FlowStep.Fill(at.minusMillis(300), order, null));
      send(at, TradingFirm.cancel(id, order), FlowStep.Expect.OUTCOME);
    } else if (kind < 850) { // the fill and the cancel cross
      place(order, at);
      steps.add(new FlowStep.Fill(at.minusMillis(random.nextInt(4)), order, null));
      send(at, TradingFirm.cancel(id, order), FlowStep.Expect.OUTCOME);
    } else if (kind < 900) { // the producer sends the same again
      place(order, at);
      send(at, TradingFirm.cancel(id, order), FlowStep.Expect.OUTCOME);
      send(
          at.plusMillis(random.nextInt(500)),
          TradingFirm.cancel(id, order),
          FlowStep.Expect.REPEAT);
    } else if (kind < 940 && left > 1) { // two people cancel the same order
      place(order, at);
      send(at, TradingFirm.cancel(id, order), FlowStep.Expect.OUTCOME);
      send(
          at.plusMillis(random.nextInt(5)),
          TradingFirm.cancel(prefix + (n + 1), order),
          FlowStep.Expect.OUTCOME);
      return 2;
    } else if (kind < 955) {
      send(at, TradingFirm.cancel(id, order), FlowStep.Expect.OUTCOME); // no such order
    } else if (kind < 970) {
      send(
          at,
          TradingFirm.intent(id, order, Instant.parse("2026-01-01T00:00:00Z")),
          FlowStep.Expect.OUTCOME);
    } else if (kind < 980) {
      send(
          at,
          TradingFirm.cancel(id, new OrderRef("nowhere", order.account(), order.orderId())),
          FlowStep.Expect.OUTCOME);
    } else if (kind < 990) {
      send(
          at,
          TradingFirm.cancel(id, new OrderRef(order.venue(), order.account(), "")),
          FlowStep.Expect.MALFORMED);
    } else {
      place(order, at);
      send(at, TradingFirm.cancel(id, order), FlowStep.Expect.OUTCOME);
      steps.add(
          random.nextBoolean()
              ? new FlowStep.SendRaw(at, order.key(), "{\"cancel\":true}")
              : new FlowStep.SendRaw(at, order.key(), null));
    }
    return 1;
  }

  /**
   * A cancel of an order about which the venue answers nothing: UNRESOLVED.
   *
   * @param known whether the venue tells after that how the order ended
   */
  private void silent(int n, Duration at, boolean known) {
    DemoVenue venue =
        venues.stream()
            .filter(each -> each.adapter().equals("crosstrade"))
            .findFirst()
            .orElse(venues.getFirst());
    OrderRef order = TradingFirm.order(venue, orders++);
    place(order, at);
    steps.add(new FlowStep.BreakOff(at.minusMillis(STANDS_MS), order));
    steps.add(
        new FlowStep.Send(
            at, TradingFirm.cancel(prefix + n, order), SILENT_WITHIN, FlowStep.Expect.OUTCOME));
    if (known) {
      steps.add(new FlowStep.Fill(at.plus(KNOWN_AFTER), order, null));
    }
  }

  private void place(OrderRef order, Duration at) {
    steps.add(new FlowStep.Place(at.minusMillis(STANDS_MS), order, BigDecimal.TEN));
  }

  private void send(Duration at, Intent intent, FlowStep.Expect expect) {
    steps.add(new FlowStep.Send(at, intent, expect));
  }
}
