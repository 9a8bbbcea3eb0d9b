package io.countermand.domain;

import io.countermand.domain.CancelTable.Next;
import io.countermand.domain.OpenCancel.Belief;
import io.countermand.domain.OpenCancel.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries out one {@link Lifecycle} step: records the fact, asks the table, does what it says. */
final class LifecycleRun {

  private final LedgerRules rules;
  private final CancelTable table;
  private final List<LedgerEffect> effects = new ArrayList<>();
  private OrderLedger state;

  LifecycleRun(OrderLedger state, LedgerRules rules, CancelTable table) {
    this.state = state;
    this.rules = rules;
    this.table = table;
  }

  OrderLedger state() {
    return state;
  }

  void effect(LedgerEffect effect) {
    effects.add(effect);
  }

  Lifecycle.Step done() {
    return new Lifecycle.Step(state, List.copyOf(effects));
  }

  void keep(OpenCancel open) {
    state = state.with(open);
  }

  // ---- facts ----

  void orderSeen(LedgerEvent.OrderSeen seen) {
    // Not before anything that is known already: a feed's record may be stamped early.
    Instant time = state.touchedAt();
    OrderState after = OrderFold.fold(state.order(), seen.event(), seen.at());
    state = state.withOrder(after);
    if (!after.terminal()) {
      return;
    }
    for (OpenCancel open : state.open()) {
      if (state.find(open.id()) != null) {
        orderEnded(open.seen(seen.at()), after, time);
      }
    }
  }

  private void orderEnded(OpenCancel open, OrderState order, Instant time) {
    switch (table.onOrderEnded(open.phase(), open.belief(), order.ordStatus())) {
      case AS_ORDER -> asOrder(open, order, Reason.CONFIRMED_BY_ORDER_EVENT, time);
      case BARRIER -> keep(open.restUntil(barrier(time)));
      default -> keep(open);
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

  void gateSaid(OpenCancel open, LedgerEvent.GateSaid said) {
    adopt(said);
    if (open.phase() == Phase.JOINED && said.decision() instanceof GateDecision.Route) {
      keep(open.onItsOwn().asked(RequestKind.CANCEL)); // it crashed after Join and decided again
      return;
    }
    if (open.phase() != Phase.UNDECIDED) {
      return; // a repeat after a crash: what was decided first stands
    }
    switch (said.decision()) {
      case GateDecision.Route _ -> keep(open.asked(RequestKind.CANCEL));
      case GateDecision.Refuse refuse -> refused(open, refuse, said.time());
      case GateDecision.Join join -> join(open, join.leader(), said.time());
      case GateDecision.Repeat _ -> keep(open);
    }
  }

  private void refused(OpenCancel open, GateDecision.Refuse refuse, Instant time) {
    boolean graceOver = !time.isBefore(open.cancel().deadline().plus(rules.answerGrace()));
    if (table.onRefused(refuse.reason(), graceOver) == Next.REJECTED) {
      settle(open, Outcomes.refused(open, refuse, state.order(), time));
    } else {
      keep(open.failed(refuse.reason(), refuse.text(), null)); // undecided until the grace is over
    }
  }

  private void join(OpenCancel open, String leader, Instant time) {
    OpenCancel leading = leads(open, leader);
    if (leading == null) {
      ask(open, RequestKind.CANCEL, time);
    } else {
      keep(open.joined(leading.id()));
    }
  }

  /** Who leads for one that was to join {@code named}; null: nobody does, it leads itself. */
  private @Nullable OpenCancel leads(OpenCancel open, String named) {
    OpenCancel leading = state.find(named);
    if (leading != null && leading.phase() == Phase.JOINED && leading.leader() != null) {
      leading = state.find(leading.leader());
    }
    boolean usable = leading != null && !leading.id().equals(open.id());
    if (usable && leading != null && leading.phase() != Phase.UNDECIDED) {
      return leading;
    }
    OpenCancel another = state.leader(open.id()); // the gate cannot know yet who leads now
    return another != null || !usable ? another : leading;
  }

  /** What the gate's table showed, where the ledger has not seen newer. */
  private void adopt(LedgerEvent.GateSaid said) {
    OrderState shown =
        switch (said.decision()) {
          case GateDecision.Route route -> route.order();
          case GateDecision.Refuse refuse -> refuse.order();
          case GateDecision.Join join -> join.order();
          case GateDecision.Repeat _ -> null;
        };
    OrderState known = state.order();
    if (shown != null
        && (known == null
            || (!known.terminal()
                && (shown.terminal() || shown.observedAt().isAfter(known.observedAt()))))) {
      state = state.withOrder(shown);
    }
  }

  void started(OpenCancel open, LedgerEvent.Started started) {
    keep(
        open.onItsOwn()
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
    OpenCancel after =
        open.onItsOwn()
            .withAttempt(Outcomes.attempt(open, replied))
            .failed(
                Outcomes.failure(replied.reply(), open.lastReason(), open.answered()),
                Outcomes.words(replied.reply(), open.lastText()),
                replied.reply() instanceof Reply.RetryLater later
                    ? later.continuation()
                    : open.continuation());
    ReplyKind kind = ReplyKind.of(replied.reply());
    OrderState order = state.order();
    boolean ended = order != null && order.terminal();
    if (replied.kind() == RequestKind.STATUS) {
      if (ended && order != null && needsBarrier(after, order)) {
        follow(after, Next.BARRIER, replied);
      } else if (ended && order != null) {
        asOrder(after, order, Reason.CONFIRMED_BY_STATUS, replied.time());
      } else {
        follow(after, table.onStatusReply(kind, after.belief()), replied);
      }
      return;
    }
    OpenCancel others = open.without(replied.attemptId());
    Next next = table.onCancelReply(kind, others.worstBelief(), others.answered());
    if (ended && order != null && next != Next.CANCELED && next != Next.REJECTED) {
      if (!needsBarrier(after, order)) {
        asOrder(after, order, Reason.CONFIRMED_BY_ORDER_EVENT, replied.time());
        return;
      }
      next = Next.BARRIER;
    }
    follow(after, next, replied);
  }

  /** Folds what a reply proves of the order, and tells it to everybody if it is terminal. */
  void learn(LedgerEvent.Replied replied) {
    OrderEvent proved = Outcomes.proved(replied);
    if (proved == null) {
      return;
    }
    OrderState before = state.order();
    OrderState after = OrderFold.fold(before, proved, replied.at());
    state = state.withOrder(after);
    if (after.terminal() && (before == null || !before.terminal())) {
      effect(new LedgerEffect.Tell(proved));
    }
  }

  /** A late answer to an attempt of a settled cancel: a successor takes it for its own. */
  void inherited(LedgerEvent.Replied replied) {
    for (OpenCancel heir : state.open()) {
      if (heir.attempt(replied.attemptId()) != null) {
        replied(heir, replied);
        return;
      }
    }
  }

  void timer(OpenCancel open, LedgerEvent.TimerFired fired) {
    Instant now = fired.time();
    Instant wake = open.wake(rules);
    if (wake.isAfter(now) || !fired.due().equals(wake)) {
      return; // stale: something else is awaited now, and will have a timer of its own
    }
    OrderState order = state.order();
    boolean ended = order != null && order.terminal();
    if (!now.isBefore(open.cancel().deadline().plus(rules.answerGrace()))) {
      Next next =
          ended && open.phase() != Phase.JOINED && open.phase() != Phase.UNDECIDED
              ? Next.AS_ORDER
              : table.onDeadline(open.phase(), open.worstBelief());
      conclude(open, next, now);
      return;
    }
    OpenCancel waiting = dropLost(open, now);
    if (ended && order != null && !waiting.hasOpenAttempt() && waiting.phase() == Phase.RESTING) {
      if (open.phase() != Phase.RESTING && needsBarrier(waiting, order)) {
        keep(waiting.restUntil(barrier(now)));
      } else {
        asOrder(waiting, order, Reason.CONFIRMED_BY_ORDER_EVENT, now);
      }
      return;
    }
    if (waiting.confirmBy() != null && !now.isBefore(waiting.confirmBy())) {
      conclude(waiting, Next.PENDING, now);
      return;
    }
    if (waiting.phase() == Phase.RESTING
        && waiting.nextAt() != null
        && !now.isBefore(waiting.nextAt())) {
      rested(waiting, now);
    } else {
      keep(waiting);
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
    return after.phase() == Phase.CALLING && !after.hasOpenAttempt() ? after.restUntil(now) : after;
  }

  // ---- steps ----

  private void follow(OpenCancel open, Next next, LedgerEvent.Replied replied) {
    Instant time = replied.time();
    switch (next) {
      case CANCELED -> settle(open, Outcomes.canceled(open, state.order(), time));
      case REJECTED -> settle(open, Outcomes.rejected(open, replied.reply(), state.order(), time));
      case BARRIER -> keep(open.hasOpenAttempt() ? open : open.restUntil(barrier(time)));
      case RETRY, FIND_OUT -> {
        OpenCancel awaiting =
            open.belief() == Belief.ACCEPTED
                ? open.confirmBy(time.plus(rules.of(open.cancel()).confirmWithin()))
                : open;
        if (awaiting.hasOpenAttempt()) {
          keep(awaiting.with(Phase.CALLING));
        } else {
          keep(awaiting.restUntil(nextAt(awaiting, next, replied)));
        }
      }
      default -> keep(open);
    }
  }

  private Instant nextAt(OpenCancel open, Next next, LedgerEvent.Replied replied) {
    VenueRules venue = rules.of(open.cancel());
    if (next == Next.FIND_OUT) {
      boolean first = open.statusTries() == 0 && open.belief() == Belief.UNKNOWN;
      return first ? replied.time() : replied.time().plus(venue.queryEvery());
    }
    Instant at = replied.time().plus(venue.backoff(open.id(), open.asks()));
    Instant named = replied.reply() instanceof Reply.RetryLater later ? later.at() : null;
    return named != null && named.isAfter(at) ? named : at;
  }

  private void rested(OpenCancel open, Instant now) {
    VenueRules venue = rules.of(open.cancel());
    boolean time = now.isBefore(open.cancel().deadline()) && open.asks() < venue.mostAsks();
    boolean gone =
        open.attempts().stream()
            .anyMatch(
                a ->
                    a.kind() == RequestKind.CANCEL
                        && (a.reply() == ReplyKind.NOT_OPEN
                            || a.reply() == ReplyKind.UNKNOWN_ORDER));
    boolean query = time && venue.canQuery() && open.statusTries() < venue.statusTries();
    Attempt last = open.attempts().isEmpty() ? null : open.attempts().getLast();
    boolean stillOpen = last != null && last.reply() == ReplyKind.STATUS;
    // A few cancels, then queries; cancels again when one says "still open", or when the queries
    // are used up: they harm nothing.
    boolean again =
        time
            && (open.belief() == Belief.UNSENT
                || (!gone && (stillOpen || !query || open.cancelTries() < venue.cancelTries())));
    switch (table.onRested(open.belief(), again, query)) {
      case ASK_CANCEL -> ask(open, RequestKind.CANCEL, now);
      case ASK_STATUS -> ask(open, RequestKind.STATUS, now);
      default -> keep(open.with(Phase.RESTING));
    }
  }

  private void ask(OpenCancel open, RequestKind kind, Instant now) {
    effect(
        new LedgerEffect.Ask(
            new CancelRequest(open.cancel(), kind, open.asks() + 1, open.continuation(), now)));
    keep(open.asked(kind));
  }

  // ---- outcomes ----

  private void conclude(OpenCancel open, Next next, Instant now) {
    OrderState order = state.order();
    if (next == Next.AS_ORDER && order != null) {
      asOrder(open, order, Reason.CONFIRMED_BY_ORDER_EVENT, now);
    } else {
      settle(open, Outcomes.atTheEnd(open, next, order, now));
    }
  }

  private void asOrder(OpenCancel open, OrderState order, Reason confirmed, Instant now) {
    settle(open, Outcomes.asOrder(open, order, confirmed, now));
  }

  void tooMany(LedgerEvent.OfCancel event) {
    OpenCancel open = OpenCancel.of(event.cancel(), Phase.UNDECIDED).seen(event.at());
    effect(new LedgerEffect.Settle(Outcomes.tooMany(open, state.order(), event.time())));
  }

  private void settle(OpenCancel open, Outcome outcome) {
    state = state.without(open.id());
    Instant now = outcome.decidedAt();
    boolean holds = table.holdsForJoined(outcome);
    List<OpenCancel> joined =
        state.open().stream()
            .filter(c -> c.phase() == Phase.JOINED && open.id().equals(c.leader()))
            .toList();
    OpenCancel another = holds ? null : state.leader(open.id());
    OpenCancel successor = holds || another != null ? null : heir(joined, now);
    effect(
        new LedgerEffect.Settle(
            successor == null ? outcome : Outcomes.succeededBy(outcome, successor.cancel())));
    OpenCancel next = another != null ? another : successor;
    for (OpenCancel waiting : joined) {
      if (waiting.equals(successor)) {
        ask(waiting.succeeding(open), RequestKind.CANCEL, now);
      } else if (next != null) {
        keep(waiting.joined(next.id()));
      } else {
        state = state.without(waiting.id());
        effect(new LedgerEffect.Settle(Outcomes.shared(waiting, outcome)));
      }
    }
  }

  private static @Nullable OpenCancel heir(List<OpenCancel> joined, Instant now) {
    for (OpenCancel waiting : joined) {
      if (now.isBefore(waiting.cancel().deadline())) {
        return waiting;
      }
    }
    return null;
  }
}
