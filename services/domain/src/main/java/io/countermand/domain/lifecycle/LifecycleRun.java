// Over 300 lines: one step of an order's cancels, each kind of event beside the next.
package io.countermand.domain.lifecycle;

import io.countermand.domain.Attempt;
import io.countermand.domain.Cancel;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.VenueRules;
import io.countermand.domain.lifecycle.CancelTable.Next;
import io.countermand.domain.lifecycle.OpenCancel.Belief;
import io.countermand.domain.lifecycle.OpenCancel.Phase;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Carries out one {@link Lifecycle} step: records the fact, asks the table, does what it says. */
final class LifecycleRun {

  private final OrderWork page;
  private final LedgerRules rules;
  private final CancelTable table;
  private final Settlement settlement;
  private final DecisionRun desk;

  LifecycleRun(OrderWork page, LedgerRules rules, CancelTable table) {
    this.page = page;
    this.rules = rules;
    this.table = table;
    this.settlement = new Settlement(page, table);
    this.desk = new DecisionRun(page, rules, table, settlement);
  }

  void decided(OpenCancel open, LedgerEvent.Decided said) {
    desk.said(open, said);
  }

  // ---- facts ----

  void orderSeen(LedgerEvent.OrderSeen seen) {
    // Not before anything that is known already: a feed's record may be stamped early.
    Instant time = page.touchedAt();
    OrderState after = OrderFold.fold(page.order(), seen.event(), seen.at());
    page.order(after);
    if (!after.certainlyEnded()) {
      return;
    }
    for (OpenCancel open : List.copyOf(page.open())) {
      if (page.find(open.id()) != null) {
        orderEnded(open.seen(seen.at()), after, time);
      }
    }
  }

  private void orderEnded(OpenCancel open, OrderState order, Instant time) {
    switch (table.onOrderEnded(open.phase(), open.belief(), order.ordStatus())) {
      case AS_ORDER -> settlement.asOrder(open, order, Reason.CONFIRMED_BY_ORDER_EVENT, time);
      case BARRIER -> page.keep(open.restUntil(barrier(time)));
      default -> page.keep(open);
    }
  }

  /**
   * A timer for the barrier must be written after the order's end was seen: only then do all
   * markers of calls that can have ended it stand before it. A timer of an earlier wait must not
   * do, so the barrier's due time is one that no other wait has.
   */
  private static Instant barrier(Instant time) {
    return time.plusNanos(1000);
  }

  /** Whether it looks as if another cancelled the order, while a marker of ours may lie unread. */
  private static boolean needsBarrier(OpenCancel open, OrderState order) {
    return open.worstBelief() == Belief.UNSENT && order.ordStatus() == OrdStatus.CANCELED;
  }

  void started(OpenCancel open, LedgerEvent.Started started) {
    page.keep(
        open.onItsOwn()
            .attempted(started.attemptNo(), started.kind())
            .withAttempt(
                new Attempt(
                    started.attemptId(),
                    started.attemptNo(),
                    started.kind(),
                    started.time(),
                    null,
                    null,
                    true,
                    null,
                    null,
                    null,
                    false))
            .with(Phase.CALLING));
  }

  void replied(OpenCancel open, LedgerEvent.Replied replied) {
    learn(replied);
    Attempt known = open.attempt(replied.attemptId());
    if (known != null && known.repliedAt() != null && known.repliedAt().equals(replied.time())) {
      return; // a record of which nobody knew whether it was written is written again
    }
    OpenCancel after =
        open.onItsOwn()
            .attempted(replied.attemptNo(), replied.kind())
            .withAttempt(Outcomes.attempt(open, replied))
            .failed(
                Outcomes.failure(replied.reply(), open.lastReason(), open.answered()),
                Outcomes.words(replied.reply(), open.lastText()),
                replied.reply() instanceof Reply.RetryLater later
                    ? later.continuation()
                    : open.continuation());
    ReplyKind kind = ReplyKind.of(replied.reply());
    OrderState order = page.order();
    boolean ended = order != null && order.certainlyEnded();
    if (replied.kind() == RequestKind.STATUS) {
      if (ended && order != null && needsBarrier(after, order)) {
        follow(after, Next.BARRIER, replied);
      } else if (ended && order != null) {
        settlement.asOrder(after, order, Reason.CONFIRMED_BY_STATUS, replied.time());
      } else if (goneUnsent(after)) {
        Next next = table.onGone(kind, canAsk(after, replied.time()));
        follow(after, next == Next.ASK_STATUS ? Next.FIND_OUT : next, replied); // after a pause
      } else {
        follow(after, table.onStatusReply(kind, after.belief()), replied);
      }
      return;
    }
    OpenCancel others = open.without(replied.attemptId());
    Next next = table.onCancelReply(kind, others.worstBelief(), others.answered());
    if (goneUnsent(after) && kind == ReplyKind.GONE_OR_UNKNOWN) {
      next = table.onGone(null, canAsk(after, replied.time()));
    } else if (goneUnsent(after) && next == Next.REJECTED && !definite(kind)) {
      next = Next.RETRY; // only "gone or unknown" stood there before
    }
    if (ended && order != null && next != Next.CANCELED && next != Next.REJECTED) {
      if (!needsBarrier(after, order)) {
        settlement.asOrder(after, order, Reason.CONFIRMED_BY_ORDER_EVENT, replied.time());
        return;
      }
      next = Next.BARRIER;
    }
    follow(after, next, replied);
  }

  /** Whether "gone or unknown" is all that the venue said, and no attempt can be why. */
  private static boolean goneUnsent(OpenCancel open) {
    return open.gone() && open.worstBelief() == Belief.UNSENT;
  }

  private static boolean definite(ReplyKind kind) {
    return switch (kind) {
      case CANCELED, ACCEPTED, NOT_OPEN, UNKNOWN_ORDER, REFUSED -> true;
      default -> false;
    };
  }

  private boolean canAsk(OpenCancel open, Instant now) {
    VenueRules venue = rules.of(open.cancel());
    return venue.canQuery()
        && open.statusTries() < venue.statusTries()
        && now.isBefore(open.cancel().deadline());
  }

  /**
   * Folds what a reply proves of the order, and tells it to everybody if it is terminal or disputes
   * what was known.
   */
  void learn(LedgerEvent.Replied replied) {
    OrderEvent proved = Outcomes.proved(replied);
    if (proved == null) {
      return;
    }
    OrderState before = page.order();
    OrderState after = OrderFold.fold(before, proved, replied.at());
    page.order(after);
    boolean ends = after.terminal() && (before == null || !before.terminal());
    boolean disputes = after.disputed() && before != null && !before.disputed();
    // Events are of orders by id; what a name stands for today says nothing of tomorrow's.
    if ((ends || disputes) && !proved.order().named()) {
      page.effect(new LedgerEffect.Tell(proved));
    }
  }

  /**
   * A call for a settled cancel that is known only now. Who succeeds that cancel was in doubt of
   * it; now it has the call itself, whose answer nobody waits for.
   */
  void bequeathed(Cancel of, String attemptId, int attemptNo, RequestKind kind, Instant startedAt) {
    if (kind != RequestKind.CANCEL) {
      return;
    }
    var call =
        new Attempt(
            attemptId, attemptNo, kind, startedAt, null, null, true, null, null, null, true);
    for (OpenCancel heir : List.copyOf(page.open())) {
      if (heir.doubts(of.intent().offset()) && !heir.has(attemptId)) {
        page.keep(heir.withAttempt(call));
      }
    }
  }

  /** A late answer to an attempt of a settled cancel: a successor takes it for its own. */
  void inherited(LedgerEvent.Replied replied) {
    for (OpenCancel heir : List.copyOf(page.open())) {
      if (heir.attempt(replied.attemptId()) != null) {
        replied(heir, replied);
        return;
      }
    }
  }

  /**
   * A desk refused it, and what held its outcome back is ruled out.
   *
   * @return whether it has its outcome now
   */
  private boolean afterAll(OpenCancel open, Instant now) {
    if (!open.heldBack() || open.worstBelief() != Belief.UNSENT) {
      return false;
    }
    settlement.settle(open, Outcomes.refusedAfterAll(open, page.order(), now));
    return true;
  }

  /** One that is due, or one that is written since a lease holds the outcome back no more. */
  void timer(OpenCancel open, LedgerEvent.TimerFired fired) {
    Instant now = fired.time();
    if (afterAll(open, now)) {
      return;
    }
    Instant wake = open.wake(rules);
    if (wake.isAfter(now) || !fired.due().equals(wake)) {
      return; // stale: something else is awaited now, and will have a timer of its own
    }
    OrderState order = page.order();
    boolean ended = order != null && order.certainlyEnded();
    boolean over = !now.isBefore(open.cancel().deadline().plus(rules.answerGrace()));
    if (!ended && (over || open.phase() == Phase.RESTING) && open.refusedAfterAll()) {
      settlement.settle(open, Outcomes.rejected(open, order, now));
      return;
    }
    if (over) {
      Next next =
          ended && open.phase() != Phase.JOINED && open.phase() != Phase.UNDECIDED
              ? Next.AS_ORDER
              : table.onDeadline(open.phase(), open.worstBelief());
      settlement.conclude(open, next, now);
      return;
    }
    OpenCancel waiting = dropLost(open, now);
    if (ended && order != null && !waiting.hasOpenAttempt() && waiting.phase() == Phase.RESTING) {
      if (open.phase() != Phase.RESTING && needsBarrier(waiting, order)) {
        page.keep(waiting.restUntil(barrier(now)));
      } else {
        settlement.asOrder(waiting, order, Reason.CONFIRMED_BY_ORDER_EVENT, now);
      }
      return;
    }
    if (waiting.confirmBy() != null && !now.isBefore(waiting.confirmBy())) {
      settlement.conclude(waiting, Next.PENDING, now);
      return;
    }
    if (waiting.phase() == Phase.ASKED
        && waiting.nextAt() != null
        && !now.isBefore(waiting.nextAt())) {
      unmarked(waiting, now);
    } else if (waiting.phase() == Phase.RESTING
        && waiting.nextAt() != null
        && !now.isBefore(waiting.nextAt())) {
      rested(waiting, now);
    } else {
      page.keep(waiting);
    }
  }

  /** Nobody marked the request in time: whoever had it is gone, and it is asked for again. */
  private void unmarked(OpenCancel open, Instant now) {
    if (now.isBefore(open.cancel().deadline())) {
      page.ask(open, RequestKind.CANCEL, now);
    } else {
      page.keep(open.with(Phase.ASKED));
    }
  }

  /** Attempts that were not answered in time may have reached the venue; nobody waits for them. */
  private OpenCancel dropLost(OpenCancel open, Instant now) {
    Duration patience = rules.of(open.cancel()).answerTimeout();
    List<Attempt> attempts = new ArrayList<>();
    boolean any = false;
    for (Attempt attempt : open.attempts()) {
      boolean lost =
          attempt.open()
              && attempt.startedAt() != null
              && !now.isBefore(attempt.startedAt().plus(patience));
      attempts.add(lost ? attempt.asLost() : attempt);
      any |= lost;
    }
    if (!any) {
      return open;
    }
    OpenCancel after = open.withAttempts(attempts);
    if (after.phase() != Phase.CALLING || after.hasOpenAttempt()) {
      return after;
    }
    VenueRules venue = rules.of(open.cancel());
    return after.restUntil(after.tries() < venue.mostAsks() ? now : now.plus(slow(after, venue)));
  }

  // ---- steps ----

  private void follow(OpenCancel open, Next next, LedgerEvent.Replied replied) {
    Instant time = replied.time();
    switch (next) {
      case CANCELED -> settlement.settle(open, Outcomes.canceled(open, replied, page.order()));
      case REJECTED ->
          settlement.settle(
              open,
              nobodyKnows(open, replied)
                  ? Outcomes.nobodyKnows(open, time)
                  : Outcomes.rejected(open, replied.reply(), page.order(), time));
      case ASK_STATUS -> page.ask(open, RequestKind.STATUS, time);
      case BARRIER -> page.keep(open.hasOpenAttempt() ? open : open.restUntil(barrier(time)));
      case RETRY, FIND_OUT -> {
        OpenCancel awaiting =
            open.belief() == Belief.ACCEPTED
                ? open.confirmBy(time.plus(rules.of(open.cancel()).confirmWithin()))
                : open;
        if (awaiting.hasOpenAttempt()) {
          page.keep(awaiting.with(Phase.CALLING));
        } else {
          page.keep(awaiting.restUntil(nextAt(awaiting, next, replied)));
        }
      }
      default -> page.keep(open);
    }
  }

  private boolean nobodyKnows(OpenCancel open, LedgerEvent.Replied replied) {
    OrderState order = page.order();
    boolean told = replied.kind() == RequestKind.CANCEL && definite(ReplyKind.of(replied.reply()));
    return open.gone() && !told && (order == null || !order.certainlyEnded());
  }

  /** Slower still where attempts are kept, since any of them may have cancelled the order. */
  private static Duration slow(OpenCancel open, VenueRules venue) {
    boolean kept = open.belief() != Belief.UNSENT;
    boolean many = kept && open.attempts().size() >= OpenCancel.MOST_ATTEMPTS;
    return venue.slowBackoff().multipliedBy(many ? 10 : 1);
  }

  private Instant nextAt(OpenCancel open, Next next, LedgerEvent.Replied replied) {
    VenueRules venue = rules.of(open.cancel());
    boolean asks = canAsk(open, replied.time()) || open.belief() != Belief.UNKNOWN;
    if (next == Next.FIND_OUT && asks) { // else it is called again, after a pause
      boolean first = open.statusTries() == 0 && open.belief() == Belief.UNKNOWN;
      return first ? replied.time() : replied.time().plus(venue.queryEvery());
    }
    Instant at =
        replied
            .time()
            .plus(
                open.tries() < venue.mostAsks()
                    ? venue.backoff(open.id(), open.tries())
                    : slow(open, venue));
    Instant named = replied.reply() instanceof Reply.RetryLater later ? later.at() : null;
    return named != null && named.isAfter(at) ? named : at;
  }

  private void rested(OpenCancel open, Instant now) {
    VenueRules venue = rules.of(open.cancel());
    boolean time = now.isBefore(open.cancel().deadline());
    boolean gone =
        open.attempts().stream()
            .anyMatch(
                a ->
                    a.kind() == RequestKind.CANCEL
                        && (a.reply() == ReplyKind.NOT_OPEN
                            || a.reply() == ReplyKind.UNKNOWN_ORDER
                            || a.reply() == ReplyKind.GONE_OR_UNKNOWN));
    boolean query = canAsk(open, now);
    Attempt last = open.attempts().isEmpty() ? null : open.attempts().getLast();
    boolean stillOpen = last != null && last.reply() == ReplyKind.STATUS;
    // A few cancels, then queries; cancels again when one says "still open", or when the queries
    // are used up: they harm nothing.
    boolean again =
        time
            && (open.belief() == Belief.UNSENT
                || (!gone && (stillOpen || !query || open.cancelTries() < venue.cancelTries())));
    Next next =
        time && goneUnsent(open)
            ? table.onGone(open.lastStatus(), query)
            : table.onRested(open.belief(), again, query);
    switch (next) {
      case ASK_CANCEL, RETRY -> page.ask(open, RequestKind.CANCEL, now);
      case ASK_STATUS -> page.ask(open, RequestKind.STATUS, now);
      case REJECTED -> settlement.settle(open, Outcomes.nobodyKnows(open, now));
      default -> page.keep(open.with(Phase.RESTING));
    }
  }
}
