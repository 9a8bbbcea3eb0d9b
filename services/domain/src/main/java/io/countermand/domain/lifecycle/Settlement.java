package io.countermand.domain.lifecycle;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.CancelTable.Next;
import io.countermand.domain.lifecycle.OpenCancel.Belief;
import io.countermand.domain.lifecycle.OpenCancel.Phase;
import io.countermand.domain.order.OrderState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives cancels their outcomes, and those that joined them theirs, or a new leader. */
final class Settlement {

  private final OrderWork page;
  private final CancelTable table;

  Settlement(OrderWork page, CancelTable table) {
    this.page = page;
    this.table = table;
  }

  void conclude(OpenCancel open, Next next, Instant now) {
    OrderState order = page.order();
    if (next == Next.AS_ORDER && order != null) {
      asOrder(open, order, Reason.CONFIRMED_BY_ORDER_EVENT, now);
    } else {
      settle(open, Outcomes.atTheEnd(open, next, order, now));
    }
  }

  void asOrder(OpenCancel open, OrderState order, Reason confirmed, Instant now) {
    settle(open, Outcomes.asOrder(open, order, confirmed, now));
  }

  /** Stamped no earlier than anything known of the order: a reply may be read late. */
  void settle(OpenCancel open, Outcome decided) {
    page.drop(open);
    Outcome outcome = decided.notBefore(page.touchedAt());
    Instant now = outcome.decidedAt();
    boolean holds = table.holdsForJoined(outcome);
    List<OpenCancel> joined =
        page.open().stream()
            .filter(c -> c.phase() == Phase.JOINED && open.id().equals(c.leader()))
            .toList();
    List<OpenCancel> left =
        holds ? joined.stream().filter(c -> unsure(c, outcome)).toList() : joined;
    OpenCancel another = left.isEmpty() && holds ? null : page.leader(open.id());
    OpenCancel successor = another != null ? null : heir(left, now);
    give(successor == null ? outcome : Outcomes.succeededBy(outcome, successor.cancel()));
    OpenCancel next = another != null ? another : successor;
    for (OpenCancel waiting : joined) {
      boolean its = !left.contains(waiting);
      if (waiting.equals(successor)) {
        page.ask(holds ? waiting.onItsOwn() : waiting.succeeding(open), RequestKind.CANCEL, now);
      } else if (!its && next != null) {
        page.keep(waiting.joined(next.id()));
      } else if (!its && holds) {
        page.drop(waiting); // its deadline has passed
        OpenCancel own = waiting.onItsOwn().with(Phase.RESTING);
        give(Outcomes.atTheEnd(own, Next.UNRESOLVED, page.order(), now));
      } else {
        page.drop(waiting);
        give(Outcomes.shared(waiting, outcome));
      }
    }
  }

  /**
   * Whether a desk may have called for one that joined, too: then that call may be why the order is
   * gone, and that the leader's was not holds for the leader alone. A fill holds for all.
   */
  private static boolean unsure(OpenCancel waiting, Outcome outcome) {
    return waiting.worstBelief() != Belief.UNSENT
        && outcome.result() == CancelResult.REJECTED
        && switch (outcome.reason()) {
          case ORDER_FILLED, ORDER_REJECTED, ORDER_EXPIRED -> false;
          default -> true;
        };
  }

  private void give(Outcome outcome) {
    page.judged(outcome);
    page.effect(new LedgerEffect.Settle(outcome));
  }

  /**
   * The one that was to join leads, with what the leader's attempts may have done; those that had
   * joined the leader wait for it. The leader is not tried again: whoever decided that its deadline
   * has passed may have another clock, and two would be called at once.
   */
  void takeOver(OpenCancel next, OpenCancel leader, Instant now) {
    for (OpenCancel waiting : List.copyOf(page.open())) {
      if (waiting.phase() == Phase.JOINED && leader.id().equals(waiting.leader())) {
        page.keep(waiting.joined(next.id()));
      }
    }
    page.keep(leader.with(Phase.RESTING));
    OpenCancel heir = leader.belief() == OpenCancel.Belief.UNSENT ? next : next.joined(leader.id());
    page.ask(heir.succeeding(leader), RequestKind.CANCEL, now);
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
