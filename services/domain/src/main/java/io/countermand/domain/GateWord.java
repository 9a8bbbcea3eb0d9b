package io.countermand.domain;

import io.countermand.domain.CancelTable.Next;
import io.countermand.domain.OpenCancel.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Works the gate's decision into an order's page: asked, refused, or joined to its leader. */
final class GateWord {

  private final Page page;
  private final LedgerRules rules;
  private final CancelTable table;
  private final Settlement settlement;

  GateWord(Page page, LedgerRules rules, CancelTable table, Settlement settlement) {
    this.page = page;
    this.rules = rules;
    this.table = table;
    this.settlement = settlement;
  }

  void said(OpenCancel open, LedgerEvent.GateSaid said) {
    adopt(said);
    if (open.phase() == Phase.JOINED && said.decision() instanceof GateDecision.Route) {
      page.keep(
          open.onItsOwn().asked(RequestKind.CANCEL)); // it crashed after Join and decided again
      return;
    }
    if (open.phase() != Phase.UNDECIDED) {
      return; // a repeat after a crash: what was decided first stands
    }
    switch (said.decision()) {
      case GateDecision.Route _ -> page.keep(open.asked(RequestKind.CANCEL));
      case GateDecision.Refuse refuse -> refused(open, refuse, said.time());
      case GateDecision.Join join -> join(open, join.leader(), said.time());
      case GateDecision.Repeat _ -> page.keep(open);
    }
  }

  private void refused(OpenCancel open, GateDecision.Refuse refuse, Instant time) {
    boolean graceOver = !time.isBefore(open.cancel().deadline().plus(rules.answerGrace()));
    if (table.onRefused(refuse.reason(), graceOver) == Next.REJECTED) {
      settlement.settle(open, Outcomes.refused(open, refuse, page.state().order(), time));
    } else {
      page.keep(
          open.failed(refuse.reason(), refuse.text(), null)); // undecided until the grace is over
    }
  }

  private void join(OpenCancel open, String leader, Instant time) {
    OpenCancel leading = leads(open, leader);
    if (leading != null && table.takesOver(leading, time)) {
      settlement.takeOver(open, leading, time);
    } else if (leading == null || open.cancel().override()) {
      page.ask(open, RequestKind.CANCEL, time); // override waits for nobody
    } else {
      page.keep(open.joined(leading.id()));
    }
  }

  /** Who leads for one that was to join {@code named}; null: nobody does, it leads itself. */
  private @Nullable OpenCancel leads(OpenCancel open, String named) {
    OpenCancel leading = page.state().find(named);
    if (leading != null && leading.phase() == Phase.JOINED && leading.leader() != null) {
      leading = page.state().find(leading.leader());
    }
    boolean usable = leading != null && !leading.id().equals(open.id());
    if (usable && leading != null && leading.phase() != Phase.UNDECIDED) {
      return leading;
    }
    OpenCancel another = page.state().leader(open.id()); // the gate cannot know yet who leads now
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
    OrderState known = page.state().order();
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

  /** Whether the ledger has read on past what set the state that the gate shows. */
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
