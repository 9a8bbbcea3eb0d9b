package io.countermand.audit;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.CancelCheck;
import io.countermand.audit.check.CrossPartitionRefs;
import io.countermand.audit.check.DeadLetterBook;
import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.Findings;
import io.countermand.audit.source.AuditRules;
import io.countermand.audit.source.Range;
import io.countermand.domain.order.Evidence;
import io.countermand.kafka.Placement;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Joins what the partitions' checks left open, once all partitions are read. */
final class CrossPartitionCheck {

  private final AuditRules rules;
  private final Range range;
  private final AuditScope scope;
  private final DeadLetterBook letters;
  private final Set<String> moved;
  private final Audit.Only only;

  /**
   * @param moved where records stood that were published again, as {@code topic-partition@offset}
   * @param only what is reported
   */
  CrossPartitionCheck(
      AuditRules rules, Range range, DeadLetterBook letters, Set<String> moved, Audit.Only only) {
    this.rules = rules;
    this.range = range;
    this.scope = new PartitionScope(range, letters);
    this.letters = letters;
    this.moved = moved;
    this.only = only;
  }

  /**
   * @param all the findings of all partitions; what this check finds is added
   */
  void check(Findings all) {
    Map<Evidence, CrossPartitionRefs.Loose> loose = new HashMap<>();
    all.elsewhere.loose.forEach(one -> loose.put(one.at(), one));
    Set<Evidence> answered = carried(all, loose);
    all.elsewhere.loose.forEach(one -> unanswered(all, one, answered));
    all.elsewhere.misplaced.forEach(one -> misplaced(all, one));
  }

  /** Each record against the intent that it carries; returns the intents that have an outcome. */
  private Set<Evidence> carried(Findings all, Map<Evidence, CrossPartitionRefs.Loose> loose) {
    Set<Evidence> answered = new HashSet<>();
    for (CrossPartitionRefs.Ref ref : all.elsewhere.refs) {
      CrossPartitionRefs.Loose intent = loose.get(ref.cancel().intent());
      if (intent != null) {
        if (ref.outcome()) {
          answered.add(intent.at());
        }
        if (!intent.cancel().equals(ref.cancel())) {
          all.add(
              DifferenceKind.CANCEL_CHANGED,
              ref.cancel(),
              "it carries " + ref.cancel() + ", its intent asks for " + intent.cancel(),
              List.of(ref.at(), intent.at()));
        }
      } else if (scope.covers(ref.cancel().intent())) {
        all.add(
            DifferenceKind.EVIDENCE_MISSING,
            ref.cancel().order().key(),
            ref.cancel().cancelId(),
            "its intent " + ref.cancel().intent() + " is not there",
            List.of(ref.at(), ref.cancel().intent()));
      } else if (scope.expired(ref.cancel().intent())) {
        all.gap("records of cancels whose intent retention took");
      }
    }
    return answered;
  }

  private void unanswered(Findings all, CrossPartitionRefs.Loose one, Set<Evidence> answered) {
    if (!only.takes(one.cancel().order().key()) || !scope.judged(one.time())) {
      return;
    }
    Instant due = one.cancel().deadline().plus(rules.ledger().answerGrace());
    boolean over =
        (due.isAfter(one.time()) ? due : one.time()).plus(CancelCheck.DUE).isBefore(range.horizon);
    all.counted(Findings.Count.INTENTS, 1);
    all.counted(Findings.Count.JUDGED, over ? 1 : 0);
    if (over && !answered.contains(one.at()) && letters.of(one.at()) == null) {
      all.add(
          DifferenceKind.INTENT_WITHOUT_OUTCOME,
          one.cancel(),
          "malformed, and not answered",
          List.of(one.at()));
    }
  }

  private void misplaced(Findings all, CrossPartitionRefs.Misplaced one) {
    String place = Placement.place(one.at());
    if (!moved.contains(place) && one.time().plus(CancelCheck.DUE).isBefore(range.horizon)) {
      all.add(
          DifferenceKind.RECORD_NOT_MOVED,
          one.key(),
          null,
          "it belongs to " + one.key() + " and was not published there",
          List.of(one.at()));
    }
  }
}
