package io.countermand.domain.lifecycle;

import static io.countermand.domain.Cancels.at;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Cancels;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Feeds one order's ledger and records every effect as a line. */
final class LedgerDriver {

  private final LedgerRules rules;
  private final Map<String, Lifecycle.Settled> settled = new HashMap<>();
  private final List<String> effects = new ArrayList<>();
  private OrderLedger state = OrderLedger.NONE;
  private long offset;
  @Nullable Finding found;
  Outcome last = Cancels.outcome(CancelResult.UNRESOLVED, Reason.OTHER);

  LedgerDriver(boolean canQuery) {
    rules = Cancels.rules(canQuery);
  }

  LedgerDriver intent(Cancel cancel) {
    return feed(new LedgerEvent.IntentSeen(cancel, next(), at(0)));
  }

  LedgerDriver desk(Cancel cancel, DeskDecision decision, long time) {
    return feed(new LedgerEvent.Decided(cancel, decision, next(), at(time)));
  }

  LedgerDriver routed(Cancel cancel) {
    return intent(cancel).desk(cancel, new DeskDecision.Route(null), 0);
  }

  LedgerDriver joined(Cancel cancel, String leader) {
    return intent(cancel).desk(cancel, new DeskDecision.Join(leader, null), 0);
  }

  LedgerDriver started(Cancel cancel, String attempt, long time) {
    return feed(new LedgerEvent.Started(cancel, attempt, 1, RequestKind.CANCEL, next(), at(time)));
  }

  LedgerDriver asked(Cancel cancel, String attempt, long time) {
    return feed(new LedgerEvent.Started(cancel, attempt, 1, RequestKind.STATUS, next(), at(time)));
  }

  LedgerDriver replied(Cancel cancel, String attempt, Reply reply, long time) {
    return replied(cancel, attempt, RequestKind.CANCEL, reply, time);
  }

  LedgerDriver replied(Cancel cancel, String attempt, RequestKind kind, Reply reply, long time) {
    boolean sent = !(reply instanceof Reply.NotSent);
    return feed(
        new LedgerEvent.Replied(cancel, attempt, 1, kind, reply, sent, at(time), next(), at(time)));
  }

  LedgerDriver order(OrdStatus status, long time) {
    return feed(new LedgerEvent.OrderSeen(Cancels.event(status), next(), at(time)));
  }

  LedgerDriver order(OrderEvent event) {
    return feed(new LedgerEvent.OrderSeen(event, next(), event.observedAt()));
  }

  /** The timer that this cancel waits for, fired when it is due. */
  LedgerDriver timer(String id) {
    OpenCancel open = open(id);
    return timer(id, open.wake(rules).toEpochMilli() - Cancels.T0.toEpochMilli() + 1);
  }

  LedgerDriver timer(String id, long time) {
    OpenCancel open = open(id);
    return feed(new LedgerEvent.TimerFired(open.cancel(), open.wake(rules), next(), at(time)));
  }

  LedgerDriver feed(LedgerEvent event) {
    Lifecycle.Step step = Lifecycle.step(state, event, rules, settled::get);
    state = step.state();
    step.effects().forEach(this::note);
    return this;
  }

  OpenCancel open(String id) {
    @Nullable OpenCancel open = state.find(id);
    if (open == null) {
      throw new AssertionError(id + " is not open");
    }
    return open;
  }

  /** Effects since the last call. */
  List<String> effects() {
    List<String> all = List.copyOf(effects);
    effects.clear();
    return all;
  }

  private void note(LedgerEffect effect) {
    switch (effect) {
      case LedgerEffect.Ask ask ->
          effects.add(
              "ask %s %s #%d"
                  .formatted(
                      ask.request().kind(),
                      ask.request().cancel().cancelId(),
                      ask.request().attemptNo()));
      case LedgerEffect.Tell tell -> effects.add("tell " + tell.event().ordStatus());
      case LedgerEffect.Conflict conflict ->
          effects.add("conflict " + conflict.cancel().cancelId());
      case LedgerEffect.Find(Finding finding) -> {
        found = finding;
        effects.add("find %s %s".formatted(finding.cancel().cancelId(), finding.kind()));
      }
      case LedgerEffect.Settle settle -> {
        last = settle.outcome();
        settled.put(
            last.cancel().cancelId(),
            new Lifecycle.Settled(
                last.cancel().digest(), last.decidedAt(), last.cancel().intent().offset()));
        effects.add(
            "settle %s %s %s%s%s"
                .formatted(
                    last.cancel().cancelId(),
                    last.result(),
                    last.reason(),
                    last.joinedTo() == null ? "" : " joined " + last.joinedTo(),
                    last.successor() == null ? "" : " then " + last.successor()));
      }
    }
  }

  private Evidence next() {
    return new Evidence("cancel-progress", 0, offset++);
  }
}
