package io.countermand.audit.check;

import io.countermand.audit.source.AuditRules;
import io.countermand.domain.Cancel;
import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that is checked of one order. */
public final class OrderCheck {

  private final AuditRules rules;
  private final AuditScope scope;
  private final Findings findings;
  private final Instant since;

  /**
   * @param since from when intents and progress were read
   */
  public OrderCheck(AuditRules rules, AuditScope scope, Findings findings, Instant since) {
    this.rules = rules;
    this.scope = scope;
    this.findings = findings;
    this.since = since;
  }

  public void check(OrderHistory history) {
    if (history.states.stream().anyMatch(s -> s.state() != null && s.state().disputed())) {
      findings.note("orders whose events contradict each other (disputed: no cancel is refused)");
    }
    new CancelCheck(history, rules, scope, findings).check();
    new DecisionCheck(history, rules, scope, findings).check();
    new CallCheck(history, scope, findings).check();
    new ReplyCheck(history, rules, scope, findings).check();
    boolean judged =
        history.intents.stream().anyMatch(one -> scope.judged(one.time()))
            || history.progress.stream()
                .anyMatch(s -> scope.judged(s.event().cancel().receivedAt()))
            || history.outcomes.stream()
                .anyMatch(o -> scope.judged(o.outcome().cancel().receivedAt()));
    if (judged && whole(history)) {
      ledger(history);
    }
  }

  /** Whether no cancel of the order began before what was read. */
  private boolean whole(OrderHistory history) {
    List<Cancel> named = new ArrayList<>();
    history.progress.forEach(said -> named.add(said.event().cancel()));
    history.found.forEach(one -> named.add(one.finding().cancel()));
    // Of a cancel whose intent is repeated in the range, its outcome alone may tell that it began
    // before.
    history.outcomes.forEach(one -> named.add(one.outcome().cancel()));
    for (Cancel cancel : named) {
      // What was read begins a little earlier than what order events are taken from.
      if (!scope.covers(cancel.intent()) || cancel.receivedAt().isBefore(since)) {
        findings.gap(
            scope.expired(cancel.intent())
                ? "orders with a cancel whose intent retention took"
                : "orders with a cancel that began before the margin");
        return false;
      }
    }
    return true;
  }

  private void ledger(OrderHistory history) {
    switch (LedgerReplay.of(history, rules, scope, since)) {
      case LedgerReplay.Result.Derived(int steps) -> findings.derived += steps;
      case LedgerReplay.Result.Undecided _ ->
          findings.gap("orders with too many records to derive the ledger's steps");
      case LedgerReplay.Result.Differs(String text, List<Evidence> evidence, int topic) -> {
        DifferenceKind kind =
            switch (topic) {
              case 0 -> DifferenceKind.OUTCOME_NOT_DERIVED;
              case 3 -> DifferenceKind.POISON_LOST;
              case 4 -> DifferenceKind.FINDING_NOT_DERIVED;
              default -> DifferenceKind.STEP_NOT_DERIVED;
            };
        findings.add(kind, history.key, cancelId(history, evidence), text, evidence);
      }
    }
  }

  private static @Nullable String cancelId(OrderHistory history, List<Evidence> evidence) {
    for (OrderHistory.Answered one : history.outcomes) {
      if (evidence.contains(one.at())) {
        return one.outcome().cancel().cancelId();
      }
    }
    for (OrderHistory.Found one : history.found) {
      if (evidence.contains(one.at())) {
        return one.finding().cancel().cancelId();
      }
    }
    for (OrderHistory.Said one : history.progress) {
      if (evidence.contains(one.event().at())) {
        return one.event().cancel().cancelId();
      }
    }
    return null;
  }
}
