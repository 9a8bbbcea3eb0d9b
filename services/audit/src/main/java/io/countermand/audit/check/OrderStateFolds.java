package io.countermand.audit.check;

import io.countermand.audit.source.AuditRules;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every state that the desk's table can have shown of one order: the folds of all beginnings of its
 * events. A desk that was killed may have read the last events again, which shows only after
 * corrections and disputes; a desk that had forgotten the order began anew.
 */
final class OrderStateFolds {

  /** Reading again is tried for so many events; more with corrections are not seen. */
  private static final int MOST_AGAIN = 24;

  /** What the events say to a state that somebody recorded. */
  enum Verdict {
    SUPPORTED,
    /** The event that set it is not there. */
    MISSING,
    /** Older events are gone, so what was summed up over them cannot be derived. */
    GONE,
    DIFFERS
  }

  private final List<OrderHistory.Seen> events;
  private final AuditScope scope;
  private final Duration forget;
  private @Nullable List<OrderState> states;

  OrderStateFolds(OrderHistory history, AuditRules rules, AuditScope scope) {
    this.events = history.events.stream().filter(e -> scope.deadLetter(e.at()) == null).toList();
    this.scope = scope;
    this.forget =
        rules.forgetTerminal().compareTo(rules.forgetIdle()) < 0
            ? rules.forgetTerminal()
            : rules.forgetIdle();
  }

  Verdict verdict(@Nullable OrderState recorded) {
    if (recorded == null || states().stream().anyMatch(one -> LedgerRecords.same(one, recorded))) {
      return Verdict.SUPPORTED;
    }
    Evidence set = recorded.evidence();
    if (set == null) {
      return Verdict.DIFFERS;
    }
    OrderHistory.Seen event = find(set);
    if (event == null) {
      return scope.expired(set) || !scope.covers(set) ? Verdict.GONE : Verdict.MISSING;
    }
    boolean begins = scope.fromTheFirst(set.topic(), set.partition());
    return !begins
            && event.event().ordStatus() == recorded.ordStatus()
            && event.event().observedAt().equals(recorded.observedAt())
        ? Verdict.GONE
        : Verdict.DIFFERS;
  }

  private OrderHistory.@Nullable Seen find(Evidence at) {
    for (OrderHistory.Seen event : events) {
      if (event.at().equals(at)) {
        return event;
      }
    }
    return null;
  }

  private List<OrderState> states() {
    List<OrderState> all = states;
    if (all == null) {
      all = new ArrayList<>();
      for (int start = 0; start < events.size(); start++) {
        if (start == 0 || forgettable(start)) {
          fold(null, start, events.size(), all);
        }
      }
      boolean moved =
          events.stream().anyMatch(e -> e.event().correction())
              || all.stream().anyMatch(OrderState::disputed);
      if (moved && events.size() <= MOST_AGAIN) {
        again(all);
      }
      states = all;
    }
    return all;
  }

  /** Whether the order can have been forgotten before this event. */
  private boolean forgettable(int start) {
    Instant last = events.get(start - 1).event().observedAt();
    return !events.get(start).time().isBefore(last.plus(forget));
  }

  private void again(List<OrderState> all) {
    OrderState state = null;
    for (int upTo = 0; upTo < events.size(); upTo++) {
      state = OrderFold.fold(state, events.get(upTo).event(), events.get(upTo).at());
      for (int from = 0; from <= upTo; from++) {
        fold(state, from, upTo + 1, all);
      }
    }
  }

  private void fold(@Nullable OrderState start, int from, int to, List<OrderState> all) {
    OrderState state = start;
    for (int i = from; i < to; i++) {
      OrderState next = OrderFold.fold(state, events.get(i).event(), events.get(i).at());
      if (!next.equals(state)) {
        all.add(next);
      }
      state = next;
    }
  }
}
