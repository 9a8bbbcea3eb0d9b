package io.countermand.domain.lifecycle;

import io.countermand.domain.Reason;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lifecycle.CancelTable.Next;
import io.countermand.domain.lifecycle.OpenCancel.Belief;
import io.countermand.domain.lifecycle.OpenCancel.Phase;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Works the desk's decision into an order's page: asked, refused, or joined to its leader. */
final class DecisionRun {

  private final OrderWork page;
  private final LedgerRules rules;
  private final CancelTable table;
  private final Settlement settlement;

  DecisionRun(OrderWork page, LedgerRules rules, CancelTable table, Settlement settlement) {
    this.page = page;
    this.rules = rules;
    this.table = table;
    this.settlement = settlement;
  }

  void said(OpenCancel open, LedgerEvent.Decided said) {
    adopt(said);
    if (open.phase() == Phase.JOINED && said.decision() instanceof DeskDecision.Route route) {
      // it crashed after Join and decided again
      page.keep(routed(open.onItsOwn(), route, said.time()));
      return;
    }
    if (open.phase() == Phase.ASKED && leavesNobody(said.decision())) {
      page.keep(markedSoon(open, said.time()));
      return;
    }
    if (open.phase() != Phase.UNDECIDED) {
      return; // a repeat after a crash: what was decided first stands
    }
    switch (said.decision()) {
      case DeskDecision.Route route -> page.keep(routed(open, route, said.time()));
      case DeskDecision.Refuse refuse -> refused(open, refuse, said.time());
      case DeskDecision.Join join -> join(open, join.leader(), said.time());
      case DeskDecision.Repeat _ -> page.keep(open);
    }
  }

  /**
   * A call that was to start at once is lost if the desk died before its marker was durable. One
   * that was queued is kept by the desk, and so is every later request.
   */
  private OpenCancel routed(OpenCancel open, DeskDecision.Route route, Instant time) {
    OpenCancel asked = open.asked(RequestKind.CANCEL);
    return route.queued() ? asked : markedSoon(asked, time);
  }

  private OpenCancel markedSoon(OpenCancel open, Instant time) {
    return open.markedBy(time.plus(rules.of(open.cancel()).answerTimeout()));
  }

  /** Decided again after a crash, so that no desk keeps the call that was decided first. */
  private static boolean leavesNobody(DeskDecision again) {
    return switch (again) {
      case DeskDecision.Route route -> !route.queued();
      case DeskDecision.Join _ -> true;
      case DeskDecision.Refuse refuse ->
          refuse.reason() == Reason.QUEUE_FULL || refuse.reason() == Reason.TOO_MANY_PENDING;
      case DeskDecision.Repeat _ -> false;
    };
  }

  private void refused(OpenCancel open, DeskDecision.Refuse refuse, Instant time) {
    boolean graceOver = !time.isBefore(open.cancel().deadline().plus(rules.answerGrace()));
    OrderState ended = refuse.order();
    if (open.worstBelief() != Belief.UNSENT) { // another desk may have called before
      if (ended != null && ended.certainlyEnded()) {
        settlement.asOrder(open, ended, Reason.CONFIRMED_BY_ORDER_EVENT, time);
      } else {
        page.keep(open.failed(refuse.reason(), refuse.text(), null));
      }
    } else if (table.onRefused(refuse.reason(), graceOver) == Next.REJECTED) {
      settlement.settle(open, Outcomes.refused(open, refuse, page.order(), time));
    } else if (refuse.reason() == Reason.TOO_MANY_PENDING
        && page.find(open.id()) == null
        && page.size() >= Lifecycle.MOST_KEPT) {
      settlement.settle(open, Outcomes.refusedForNow(open, refuse, time));
    } else {
      page.keep(
          open.failed(refuse.reason(), refuse.text(), null)); // undecided until the grace is over
    }
  }

  private void join(OpenCancel open, String leader, Instant time) {
    OpenCancel leading = leads(open, leader);
    if (leading != null && table.takesOver(leading, time)) {
      leading = busiest(open, leading, time); // another may have taken the lead over already
    }
    if (leading != null && table.takesOver(leading, time)) {
      settlement.takeOver(open, leading, time);
    } else if (leading == null || open.cancel().override()) {
      page.ask(open, RequestKind.CANCEL, time); // override waits for nobody
    } else {
      page.keep(open.joined(leading.id()));
      if (table.wakes(leading, time)) {
        page.ask(leading, RequestKind.CANCEL, time);
      }
    }
  }

  /** Who leads for one that was to join {@code named}; null: nobody does, it leads itself. */
  private @Nullable OpenCancel leads(OpenCancel open, String named) {
    OpenCancel leading = page.find(named);
    if (leading != null && leading.phase() == Phase.JOINED && leading.leader() != null) {
      leading = page.find(leading.leader());
    }
    boolean usable = leading != null && !leading.id().equals(open.id());
    if (usable && leading != null && leading.phase() != Phase.UNDECIDED) {
      return leading;
    }
    OpenCancel another = page.leader(open.id()); // the desk cannot know yet who leads now
    return another != null || !usable ? another : leading;
  }

  /** Of several that lead: one that calls or will. */
  private OpenCancel busiest(OpenCancel open, OpenCancel leading, Instant time) {
    for (OpenCancel other : page.open()) {
      if (other.leads() && !other.id().equals(open.id()) && !table.takesOver(other, time)) {
        return other;
      }
    }
    return leading;
  }

  /** What the desk's table showed, where the ledger has not seen newer. */
  private void adopt(LedgerEvent.Decided said) {
    OrderState shown =
        switch (said.decision()) {
          case DeskDecision.Route route -> route.order();
          case DeskDecision.Refuse refuse -> refuse.order();
          case DeskDecision.Join join -> join.order();
          case DeskDecision.Repeat _ -> null;
        };
    OrderState known = page.order();
    if (shown == null) {
      return;
    }
    if (known == null) {
      page.order(shown);
    } else if (shown.disputed() && !known.disputed()) {
      page.order(newer(known, shown) ? known.asDisputed() : shown);
    } else if (!known.terminal()
        && (shown.terminal() || shown.observedAt().isAfter(known.observedAt()))) {
      page.order(shown);
    }
  }

  /** Whether the ledger has read on past what set the state that the desk shows. */
  private static boolean newer(OrderState known, OrderState shown) {
    Evidence ours = known.evidence();
    Evidence theirs = shown.evidence();
    if (ours == null
        || theirs == null
        || !ours.topic().equals(theirs.topic())
        || ours.partition() != theirs.partition()) {
      return known.observedAt().isAfter(shown.observedAt());
    }
    return ours.offset() > theirs.offset();
  }
}
