package io.countermand.audit;

import static io.countermand.audit.Kind.DECISION_NOT_SUPPORTED;
import static io.countermand.audit.Kind.EVIDENCE_MISSING;
import static io.countermand.audit.Kind.ORDER_STATE_DIFFERS;
import static io.countermand.audit.Kind.REFUSAL_NOT_SUPPORTED;
import static io.countermand.audit.Kind.TWO_LIVE_CANCELS;

import io.countermand.domain.Cancel;
import io.countermand.domain.Evidence;
import io.countermand.domain.GateDecision;
import io.countermand.domain.GateOrder;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.LedgerEvent.GateSaid;
import io.countermand.domain.OrderState;
import io.countermand.domain.QueueView;
import io.countermand.domain.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Derives the desk's decisions again. What the table and the venue's queue showed and when it
 * decided is recorded with the decision; which other cancels it knew to be live is not, nor which
 * outcomes it had heard. So a decision is supported if {@code GateRules} lead to it from some
 * knowledge that the records allow. Whether a routed cancel waited is a fact of that moment and is
 * not derived.
 */
final class GateCheck {

  /** Clocks of desk and ledger may differ by so much. */
  private static final Duration SKEW = Duration.ofSeconds(2);

  private final OrderHistory history;
  private final Rules rules;
  private final Scope scope;
  private final Folds folds;
  private final Findings findings;

  GateCheck(OrderHistory history, Rules rules, Scope scope, Findings findings) {
    this.history = history;
    this.rules = rules;
    this.scope = scope;
    this.folds = new Folds(history, rules, scope);
    this.findings = findings;
  }

  void check() {
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof GateSaid gate) {
        findings.counted(gate.cancel(), Findings.Count.DECISIONS);
        decision(gate, said);
      }
    }
    for (OrderHistory.Shown shown : history.states) {
      if (shown.state() != null) {
        findings.folds++;
        table(shown.state(), null, shown.at(), ORDER_STATE_DIFFERS);
      }
    }
  }

  private void decision(GateSaid gate, OrderHistory.Said said) {
    OrderState shown = order(gate.decision());
    boolean refusal = gate.decision() instanceof GateDecision.Refuse;
    boolean folded =
        table(
            shown,
            gate.cancel().cancelId(),
            gate.at(),
            refusal ? REFUSAL_NOT_SUPPORTED : DECISION_NOT_SUPPORTED);
    if (!folded) {
      return;
    }
    OrderHistory.Asked asked = asked(gate.cancel().intent());
    if (asked == null) {
      return; // said elsewhere
    }
    if (asked.checked() instanceof IntentCheck.Malformed(var _, String text)) {
      if (!(gate.decision()
              instanceof GateDecision.Refuse(Reason reason, String words, var _, var _)
          && reason == Reason.MALFORMED
          && words.equals(text))) {
        findings.add(DECISION_NOT_SUPPORTED, gate, "the intent is malformed: " + text, asked.at());
      }
      return;
    }
    Instant now = gate.time();
    QueueView queue = queue(gate.decision());
    boolean reason = false;
    for (GateOrder known : knowledge(gate, shown)) {
      GateDecision derived = rules.gate().decide(known, gate.cancel(), now, queue);
      if (same(derived, gate.decision())) {
        twoLive(gate, said);
        return;
      }
      reason |= restarted(derived, gate.decision());
    }
    if (reason) {
      return;
    }
    if (gate.decision() instanceof GateDecision.Join(String leader, var _)
        && history.intents.stream().noneMatch(one -> one.intent().cancelId().equals(leader))
        && !scope.fromTheFirst(asked.at().topic(), asked.at().partition())) {
      findings.gap("cancels that joined one whose intent is gone");
      return;
    }
    findings.add(
        refusal ? REFUSAL_NOT_SUPPORTED : DECISION_NOT_SUPPORTED,
        gate,
        words(gate.decision())
            + " at "
            + now
            + ", which no state of the order leads to; alone it would have been "
            + words(
                rules
                    .gate()
                    .decide(new GateOrder(shown, null, List.of()), gate.cancel(), now, queue)),
        asked.at());
  }

  /** Whether the recorded state is one that the order's events lead to. */
  private boolean table(
      @Nullable OrderState shown, @Nullable String cancelId, Evidence at, Kind kind) {
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
  private List<GateOrder> knowledge(GateSaid gate, @Nullable OrderState shown) {
    Cancel cancel = gate.cancel();
    List<GateOrder> states = new ArrayList<>();
    states.add(new GateOrder(shown, null, List.of()));
    List<GateOrder.Flight> others = new ArrayList<>();
    for (OrderHistory.Asked asked : history.intents) {
      Cancel other = asked.cancel();
      if (other == null) {
        continue;
      }
      var flight =
          new GateOrder.Flight(
              other.cancelId(),
              other.digest(),
              other.intent().offset(),
              other.deadline().plus(rules.gate().slack()));
      boolean same = other.cancelId().equals(cancel.cancelId());
      if (!same) {
        others.add(flight);
        states.add(new GateOrder(shown, flight, List.of()));
      } else if (!queue(gate.decision()).full() || decidedBefore(gate)) {
        // Of a decision before a kill, the desk's own changelog may be all that is left. Except
        // where that alone would let it route past a full queue: then a decision must be there.
        states.add(new GateOrder(shown, flight, List.of()));
        again(cancel, flight, shown, states);
      }
    }
    for (OrderHistory.Answered answered : history.outcomes) {
      Cancel settled = answered.outcome().cancel();
      if (settled.cancelId().equals(cancel.cancelId())) {
        Instant at = answered.outcome().decidedAt();
        states.add(
            new GateOrder(
                shown,
                null,
                List.of(new GateOrder.Past(settled.cancelId(), settled.digest(), at))));
      }
    }
    if (!(gate.decision() instanceof GateDecision.Route)) {
      // Joined ones keep a leader that is over, and 200 of them are too many.
      for (GateOrder.Flight leader : others) {
        states.add(new GateOrder(shown, leader, others, List.of(), List.of()));
      }
    }
    return states;
  }

  /** It was refused, or routed, before a restart or by another record of the same id. */
  private void again(
      Cancel cancel, GateOrder.Flight flight, @Nullable OrderState shown, List<GateOrder> states) {
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof GateSaid(Cancel of, GateDecision.Refuse refuse, var _, var _)
          && of.cancelId().equals(cancel.cancelId())) {
        var refusal = new GateOrder.Refusal(flight, refuse.reason());
        states.add(new GateOrder(shown, null, List.of(), List.of(refusal), List.of()));
      }
    }
    states.add(new GateOrder(shown, null, List.of(flight), List.of(), List.of()));
  }

  /** Whether a decision on the same record stands before this one: the desk had crashed. */
  private boolean decidedBefore(GateSaid gate) {
    return history.progress.stream()
        .anyMatch(
            said ->
                said.event() instanceof GateSaid before
                    && before.cancel().intent().equals(gate.cancel().intent())
                    && before.at().offset() < gate.at().offset());
  }

  /** The venue's queue as it was seen. */
  private static QueueView queue(GateDecision decision) {
    QueueView seen =
        switch (decision) {
          case GateDecision.Route route -> route.seen();
          case GateDecision.Refuse refuse -> refuse.seen();
          case GateDecision.Join _, GateDecision.Repeat _ -> null;
        };
    return seen == null ? QueueView.EMPTY : seen;
  }

  private static boolean same(GateDecision derived, GateDecision recorded) {
    if (derived instanceof GateDecision.Refuse(Reason reason, String text, var order, var seen)
        && recorded instanceof GateDecision.Refuse is) {
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
        && (!(derived instanceof GateDecision.Join join)
            || join.leader().equals(((GateDecision.Join) recorded).leader()))
        && sameOrder(order(derived), order(recorded));
  }

  /** The same reason, told again by a desk that had only its changelog left of the first time. */
  private static boolean restarted(GateDecision derived, GateDecision recorded) {
    return derived instanceof GateDecision.Refuse must
        && recorded instanceof GateDecision.Refuse is
        && must.reason() == is.reason()
        && is.text().equals("refused before a restart: " + is.reason())
        && sameOrder(must.order(), is.order());
  }

  private static boolean sameOrder(@Nullable OrderState one, @Nullable OrderState other) {
    return one == null ? other == null : other != null && Expected.same(one, other);
  }

  private static @Nullable OrderState order(GateDecision decision) {
    return switch (decision) {
      case GateDecision.Route route -> route.order();
      case GateDecision.Refuse refuse -> refuse.order();
      case GateDecision.Join join -> join.order();
      case GateDecision.Repeat _ -> null;
    };
  }

  /**
   * A cancel routed while an earlier one was live for certain, by the log's time: a desk's clock
   * may be behind.
   */
  private void twoLive(GateSaid gate, OrderHistory.Said said) {
    if (!(gate.decision() instanceof GateDecision.Route)) {
      return;
    }
    for (OrderHistory.Said before : history.progress) {
      if (before.event().at().offset() >= gate.at().offset()) {
        return;
      }
      if (before.event() instanceof GateSaid(Cancel other, GateDecision.Route _, var at, var _)
          && !other.cancelId().equals(gate.cancel().cancelId())
          && other.intent().offset() < gate.cancel().intent().offset()
          && before.by().equals(said.by())
          && onlyRouted(other.cancelId())
          && said.time().isBefore(other.deadline())) {
        OrderHistory.Answered answered = history.outcomeOf(other.cancelId());
        if (answered != null && answered.time().isAfter(said.time().plus(SKEW))) {
          findings.add(
              TWO_LIVE_CANCELS,
              gate,
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
                !(said.event() instanceof GateSaid gate)
                    || !gate.cancel().cancelId().equals(cancelId)
                    || gate.decision() instanceof GateDecision.Route);
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

  private static String words(GateDecision decision) {
    return switch (decision) {
      case GateDecision.Route _ -> "routed";
      case GateDecision.Refuse refuse -> "refused " + refuse.reason();
      case GateDecision.Join join -> "joined to " + join.leader();
      case GateDecision.Repeat _ -> "repeated";
    };
  }
}
