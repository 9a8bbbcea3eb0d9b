// Over 300 lines: one case for each kind of decision of the desk, read against the same history.
package io.countermand.audit.check;

import static io.countermand.audit.check.DifferenceKind.DECISION_NOT_SUPPORTED;
import static io.countermand.audit.check.DifferenceKind.EVIDENCE_MISSING;
import static io.countermand.audit.check.DifferenceKind.ORDER_STATE_DIFFERS;
import static io.countermand.audit.check.DifferenceKind.REFUSAL_NOT_SUPPORTED;
import static io.countermand.audit.check.DifferenceKind.TWO_LIVE_CANCELS;

import io.countermand.audit.source.AuditRules;
import io.countermand.domain.Cancel;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Reason;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.lifecycle.LedgerEvent.Decided;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Derives the desk's decisions again. What the table and the venue's queue showed and when it
 * decided is recorded with the decision; which other cancels it knew to be live is not, nor which
 * outcomes it had heard. So a decision is supported if {@code DeskRules} lead to it from some
 * knowledge that the records allow. Whether a routed cancel waited is a fact of that moment and is
 * not derived.
 */
final class DecisionCheck {

  /** Clocks of desk and ledger may differ by so much. */
  private static final Duration SKEW = Duration.ofSeconds(2);

  private final OrderHistory history;
  private final AuditRules rules;
  private final AuditScope scope;
  private final OrderStateFolds folds;
  private final Findings findings;

  DecisionCheck(OrderHistory history, AuditRules rules, AuditScope scope, Findings findings) {
    this.history = history;
    this.rules = rules;
    this.scope = scope;
    this.folds = new OrderStateFolds(history, rules, scope);
    this.findings = findings;
  }

  void check() {
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof Decided decided) {
        findings.counted(decided.cancel(), Findings.Count.DECISIONS);
        decision(decided, said);
      }
    }
    for (OrderHistory.Shown shown : history.states) {
      if (shown.state() != null) {
        findings.folds++;
        table(shown.state(), null, shown.at(), ORDER_STATE_DIFFERS);
      }
    }
  }

  private void decision(Decided decided, OrderHistory.Said said) {
    OrderState shown = order(decided.decision());
    boolean refusal = decided.decision() instanceof DeskDecision.Refuse;
    boolean folded =
        table(
            shown,
            decided.cancel().cancelId(),
            decided.at(),
            refusal ? REFUSAL_NOT_SUPPORTED : DECISION_NOT_SUPPORTED);
    if (!folded) {
      return;
    }
    OrderHistory.Asked asked = asked(decided.cancel().intent());
    if (asked == null) {
      return; // said elsewhere
    }
    if (asked.checked() instanceof IntentCheck.Malformed(var _, String text)) {
      if (!(decided.decision()
              instanceof DeskDecision.Refuse(Reason reason, String words, var _, var _)
          && reason == Reason.MALFORMED
          && words.equals(text))) {
        findings.add(
            DECISION_NOT_SUPPORTED, decided, "the intent is malformed: " + text, asked.at());
      }
      return;
    }
    Instant now = decided.time();
    QueueView queue = queue(decided.decision());
    boolean reason = false;
    for (DeskOrder known : knowledge(decided, shown)) {
      DeskDecision derived = rules.desk().decide(known, decided.cancel(), now, queue);
      if (same(derived, decided.decision())) {
        twoLive(decided, said);
        return;
      }
      reason |= restarted(derived, decided.decision());
    }
    if (reason) {
      return;
    }
    if (decided.decision() instanceof DeskDecision.Join(String leader, var _)
        && history.intents.stream().noneMatch(one -> one.intent().cancelId().equals(leader))
        && !scope.fromTheFirst(asked.at().topic(), asked.at().partition())) {
      findings.gap("cancels that joined one whose intent is gone");
      return;
    }
    findings.add(
        refusal ? REFUSAL_NOT_SUPPORTED : DECISION_NOT_SUPPORTED,
        decided,
        words(decided.decision())
            + " at "
            + now
            + ", which no state of the order leads to; alone it would have been "
            + words(
                rules
                    .desk()
                    .decide(new DeskOrder(shown, null, List.of()), decided.cancel(), now, queue)),
        asked.at());
  }

  /** Whether the recorded state is one that the order's events lead to. */
  private boolean table(
      @Nullable OrderState shown, @Nullable String cancelId, Evidence at, DifferenceKind kind) {
    switch (folds.verdict(shown)) {
      case SUPPORTED -> {
        return true;
      }
      case GONE -> {
        findings.gap("order events that set a recorded order state are gone");
        return true;
      }
      case MISSING ->
          findings.add(
              EVIDENCE_MISSING,
              history.key,
              cancelId,
              "order event " + (shown == null ? "" : shown.evidence()) + " is not there",
              evidence(at, shown));
      case DIFFERS ->
          findings.add(
              kind,
              history.key,
              cancelId,
              "the order events do not lead to the state "
                  + (shown == null ? "" : shown.ordStatus() + ", executed " + shown.cumQty()),
              evidence(at, shown));
    }
    return false;
  }

  private static List<Evidence> evidence(Evidence at, @Nullable OrderState shown) {
    return shown == null || shown.evidence() == null ? List.of(at) : List.of(at, shown.evidence());
  }

  /** States of the desk that the records allow, the likeliest first. */
  private List<DeskOrder> knowledge(Decided decided, @Nullable OrderState shown) {
    Cancel cancel = decided.cancel();
    List<DeskOrder> states = new ArrayList<>();
    states.add(new DeskOrder(shown, null, List.of()));
    List<DeskOrder.Flight> others = new ArrayList<>();
    for (OrderHistory.Asked asked : history.intents) {
      Cancel other = asked.cancel();
      if (other == null) {
        continue;
      }
      var flight =
          new DeskOrder.Flight(
              other.cancelId(),
              other.digest(),
              other.intent().offset(),
              other.deadline().plus(rules.desk().slack()));
      boolean same = other.cancelId().equals(cancel.cancelId());
      if (!same) {
        others.add(flight);
        states.add(new DeskOrder(shown, flight, List.of()));
      } else {
        // Of a decision before a kill, the desk's own changelog may be all that is left.
        states.add(new DeskOrder(shown, flight, List.of()));
        again(cancel, flight, shown, states);
      }
    }
    for (OrderHistory.Answered answered : history.outcomes) {
      Cancel settled = answered.outcome().cancel();
      if (settled.cancelId().equals(cancel.cancelId())) {
        Instant at = answered.outcome().decidedAt();
        states.add(
            new DeskOrder(
                shown,
                null,
                List.of(new DeskOrder.Past(settled.cancelId(), settled.digest(), at))));
      }
    }
    if (!(decided.decision() instanceof DeskDecision.Route)) {
      // Joined ones keep a leader that is over, and many of them are too many.
      String leads = decided.decision() instanceof DeskDecision.Join join ? join.leader() : null;
      for (DeskOrder.Flight leader : others) {
        if (leads == null || leads.equals(leader.cancelId())) {
          states.add(new DeskOrder(shown, leader, others, List.of(), List.of()));
          if (leads == null) {
            break; // who leads does not matter to a refusal
          }
        }
      }
    }
    return states;
  }

  /** It was refused, or routed, before a restart or by another record of the same id. */
  private void again(
      Cancel cancel, DeskOrder.Flight flight, @Nullable OrderState shown, List<DeskOrder> states) {
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof Decided(Cancel of, DeskDecision.Refuse refuse, var _, var _)
          && of.cancelId().equals(cancel.cancelId())) {
        var refusal = new DeskOrder.Refusal(flight, refuse.reason());
        states.add(new DeskOrder(shown, null, List.of(), List.of(refusal), List.of()));
      }
    }
    states.add(new DeskOrder(shown, null, List.of(flight), List.of(), List.of()));
  }

  /** The venue's queue as it was seen. */
  private static QueueView queue(DeskDecision decision) {
    QueueView seen =
        switch (decision) {
          case DeskDecision.Route route -> route.seen();
          case DeskDecision.Refuse refuse -> refuse.seen();
          case DeskDecision.Join _, DeskDecision.Repeat _ -> null;
        };
    return seen == null ? QueueView.EMPTY : seen;
  }

  private static boolean same(DeskDecision derived, DeskDecision recorded) {
    if (derived instanceof DeskDecision.Refuse(Reason reason, String text, var order, var seen)
        && recorded instanceof DeskDecision.Refuse is) {
      // These texts name the time to the nanosecond, and the venues that were configured.
      boolean words =
          reason == Reason.DEADLINE_PASSED
              || reason == Reason.UNKNOWN_VENUE
              || text.equals(is.text());
      return reason == is.reason()
          && words
          && Objects.equals(seen, is.seen())
          && sameOrder(order, is.order());
    }
    return derived.getClass() == recorded.getClass()
        && (!(derived instanceof DeskDecision.Join join)
            || join.leader().equals(((DeskDecision.Join) recorded).leader()))
        && sameOrder(order(derived), order(recorded));
  }

  /** The same reason, told again by a desk that had only its changelog left of the first time. */
  private static boolean restarted(DeskDecision derived, DeskDecision recorded) {
    return derived instanceof DeskDecision.Refuse must
        && recorded instanceof DeskDecision.Refuse is
        && must.reason() == is.reason()
        && is.text().equals("refused before a restart: " + is.reason())
        && sameOrder(must.order(), is.order());
  }

  private static boolean sameOrder(@Nullable OrderState one, @Nullable OrderState other) {
    return one == null ? other == null : other != null && LedgerRecords.same(one, other);
  }

  private static @Nullable OrderState order(DeskDecision decision) {
    return switch (decision) {
      case DeskDecision.Route route -> route.order();
      case DeskDecision.Refuse refuse -> refuse.order();
      case DeskDecision.Join join -> join.order();
      case DeskDecision.Repeat _ -> null;
    };
  }

  /**
   * A cancel routed while an earlier one was live for certain, by the log's time: a desk's clock
   * may be behind.
   */
  private void twoLive(Decided decided, OrderHistory.Said said) {
    if (!(decided.decision() instanceof DeskDecision.Route)) {
      return;
    }
    for (OrderHistory.Said before : history.progress) {
      if (before.event().at().offset() >= decided.at().offset()) {
        return;
      }
      if (before.event() instanceof Decided(Cancel other, DeskDecision.Route _, var at, var _)
          && !other.cancelId().equals(decided.cancel().cancelId())
          && other.intent().offset() < decided.cancel().intent().offset()
          && before.by().equals(said.by())
          && onlyRouted(other.cancelId())
          && said.time().isBefore(other.deadline())) {
        OrderHistory.Answered answered = history.outcomeOf(other.cancelId());
        if (answered != null && answered.time().isAfter(said.time().plus(SKEW))) {
          findings.add(
              TWO_LIVE_CANCELS,
              decided,
              "routed while " + other.cancelId() + " was live, until " + answered.time(),
              at,
              answered.at());
          return;
        }
      }
    }
  }

  /** After a kill the desk may have decided otherwise, and known of no live cancel. */
  private boolean onlyRouted(String cancelId) {
    return history.progress.stream()
        .allMatch(
            said ->
                !(said.event() instanceof Decided decided)
                    || !decided.cancel().cancelId().equals(cancelId)
                    || decided.decision() instanceof DeskDecision.Route);
  }

  private OrderHistory.@Nullable Asked asked(Evidence at) {
    for (OrderHistory.Asked asked : history.intents) {
      if (asked.at().equals(at)) {
        Cancel derived = asked.cancel();
        return derived == null ? null : asked;
      }
    }
    return null;
  }

  private static String words(DeskDecision decision) {
    return switch (decision) {
      case DeskDecision.Route _ -> "routed";
      case DeskDecision.Refuse refuse -> "refused " + refuse.reason();
      case DeskDecision.Join join -> "joined to " + join.leader();
      case DeskDecision.Repeat _ -> "repeated";
    };
  }
}
