package io.countermand.domain.decision;

import io.countermand.domain.Cancel;
import io.countermand.domain.Reason;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The desk's decision. The first row that fits wins.
 *
 * <pre>
 * cancelId settled lately, same content      -> Repeat
 * cancelId settled lately, other content     -> Refuse MALFORMED   (the ledger sends it to dead letters)
 * cancelId refused here, same offset         -> Refuse again       (repeat after a crash)
 * cancelId leads, same offset, the order is
 *   not terminal, or override, and the queue
 *   has room                                 -> Route again        (repeat after a crash: the call may be lost)
 * cancelId leads, joined or was refused here,
 *   other offset, same content               -> Repeat
 *   other offset, other content              -> Refuse MALFORMED
 * venue not configured                       -> Refuse UNKNOWN_VENUE
 * now at or past the deadline                -> Refuse DEADLINE_PASSED
 * order terminal and undisputed, no override -> Refuse ORDER_...
 * another cancel of the order is live        -> Join               (from mostJoined on: Refuse TOO_MANY_PENDING)
 * the venue's queue is full                  -> Refuse QUEUE_FULL
 * else                                       -> Route
 * </pre>
 *
 * @param venues names of the configured venue instances
 * @param slack time after a deadline by which the ledger has answered for certain
 * @param mostJoined so many cancels of an order may wait for the one that leads; further ones are
 *     refused. The only place where that is decided
 */
public record DeskRules(Set<String> venues, Duration slack, int mostJoined) {

  /** As many as may join where nothing else is said. */
  public static final int MOST_JOINED = 200;

  public DeskRules(Set<String> venues, Duration slack) {
    this(venues, slack, MOST_JOINED);
  }

  /** With room in the venue's queue. */
  public DeskDecision decide(DeskOrder known, Cancel cancel, Instant now) {
    return decide(known, cancel, now, QueueView.EMPTY);
  }

  /**
   * @param queue of the cancel's venue
   */
  public DeskDecision decide(DeskOrder known, Cancel cancel, Instant now, QueueView queue) {
    for (DeskOrder.Past past : known.recent()) {
      if (past.cancelId().equals(cancel.cancelId())) {
        return past.digest().equals(cancel.digest())
            ? new DeskDecision.Repeat()
            : conflict(known, cancel);
      }
    }
    OrderState order = known.order();
    boolean ended = order != null && order.certainlyEnded() && !cancel.override();
    DeskOrder.Flight flight = known.flight();
    if (flight != null && same(flight, cancel)) {
      if (flight.offset() != cancel.intent().offset()) {
        return again(known, flight, cancel);
      }
      if (!ended && !queue.full()) {
        return route(order, queue);
      }
    }
    for (DeskOrder.Flight waiting : known.joined()) {
      if (same(waiting, cancel) && waiting.offset() != cancel.intent().offset()) {
        return again(known, waiting, cancel);
      }
    }
    for (DeskOrder.Refusal refusal : known.refused()) {
      if (same(refusal.cancel(), cancel)) {
        return refusal.cancel().offset() == cancel.intent().offset()
            ? new DeskDecision.Refuse(
                refusal.reason(), "refused before a restart: " + refusal.reason(), order)
            : again(known, refusal.cancel(), cancel);
      }
    }
    if (!venues.contains(cancel.order().venue())) {
      return new DeskDecision.Refuse(
          Reason.UNKNOWN_VENUE,
          "venue '" + cancel.order().venue() + "' is not configured; known: " + sorted(),
          known.order());
    }
    if (!now.isBefore(cancel.deadline())) {
      return new DeskDecision.Refuse(
          Reason.DEADLINE_PASSED,
          "the deadline " + cancel.deadline() + " had passed at " + now + "; never sent",
          known.order());
    }
    if (ended && order != null) {
      return new DeskDecision.Refuse(
          Reason.ofEnded(order.ordStatus()),
          "the order is " + order.ordStatus() + "; not sent (override would send it)",
          order);
    }
    DeskOrder.Flight live = known.live(now);
    if (live == null || same(live, cancel)) {
      return queue.full()
          ? new DeskDecision.Refuse(
              Reason.QUEUE_FULL,
              queue.waiting()
                  + " cancels wait for venue '"
                  + cancel.order().venue()
                  + "' already; try again later, or at the venue itself",
              order,
              queue)
          : route(order, queue);
    }
    return known.waiting(now) < mostJoined
        ? new DeskDecision.Join(live.cancelId(), order)
        : new DeskDecision.Refuse(
            Reason.TOO_MANY_PENDING,
            mostJoined + " cancels of this order wait already; watch theirs",
            order);
  }

  /**
   * Decides an intent again whose first attempt was found, kept by an earlier owner: it was routed,
   * and has its place. A table that has fallen behind, or a queue, does not undo that: what waits
   * is called whatever is said of it.
   */
  public DeskDecision decideFound(DeskOrder known, Cancel cancel, Instant now) {
    DeskDecision decision = decide(known, cancel, now);
    boolean put =
        decision instanceof DeskDecision.Join
            || (decision instanceof DeskDecision.Refuse refuse
                && (refuse.reason() == Reason.QUEUE_FULL
                    || refuse.reason() == Reason.TOO_MANY_PENDING));
    return put ? route(known.order(), QueueView.EMPTY) : decision;
  }

  /** The desk's state after the decision, or after it refused a malformed intent. */
  public DeskOrder apply(DeskOrder known, Cancel cancel, DeskDecision decision) {
    DeskOrder.Flight self = flight(cancel);
    return switch (decision) {
      case DeskDecision.Route _ -> known.leading(self);
      case DeskDecision.Join _ -> known.joining(self);
      case DeskDecision.Refuse refuse ->
          known.refusing(new DeskOrder.Refusal(self, refuse.reason()));
      case DeskDecision.Repeat _ -> known;
    };
  }

  /**
   * The desk's state after it decided what was found ({@link #decideFound}). Another cancel may
   * lead by a table that had fallen behind, and call: neither that nor who joined it is forgotten.
   */
  public DeskOrder applyFound(DeskOrder known, Cancel cancel, DeskDecision decision, Instant now) {
    return decision instanceof DeskDecision.Route
        ? known.leadingAgain(flight(cancel), now)
        : apply(known, cancel, decision);
  }

  private DeskOrder.Flight flight(Cancel cancel) {
    return new DeskOrder.Flight(
        cancel.cancelId(),
        cancel.digest(),
        cancel.intent().offset(),
        cancel.deadline().plus(slack));
  }

  private static DeskDecision route(@Nullable OrderState order, QueueView queue) {
    return new DeskDecision.Route(order, false, queue.equals(QueueView.EMPTY) ? null : queue);
  }

  private static boolean same(DeskOrder.Flight flight, Cancel cancel) {
    return flight.cancelId().equals(cancel.cancelId());
  }

  /** The same cancelId in another record; a successor not seen here has no digest. */
  private static DeskDecision again(DeskOrder known, DeskOrder.Flight flight, Cancel cancel) {
    return flight.digest().isEmpty() || flight.digest().equals(cancel.digest())
        ? new DeskDecision.Repeat()
        : conflict(known, cancel);
  }

  private static DeskDecision conflict(DeskOrder known, Cancel cancel) {
    return new DeskDecision.Refuse(
        Reason.MALFORMED,
        "cancelId '" + cancel.cancelId() + "' was used before with other content",
        known.order());
  }

  private String sorted() {
    return String.join(", ", venues.stream().sorted().toList());
  }
}
