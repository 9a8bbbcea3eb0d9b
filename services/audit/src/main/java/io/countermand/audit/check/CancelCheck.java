// Over 300 lines: one rule after the other on the same outcome; apart, each would need all of its
// arguments.
package io.countermand.audit.check;

import io.countermand.audit.check.Findings.Count;
import io.countermand.audit.source.AuditRules;
import io.countermand.domain.Attempt;
import io.countermand.domain.Cancel;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Intents and outcomes of one order against each other and against what both rest on. */
public final class CancelCheck {

  /** A part that is up has come to a record by then. */
  public static final Duration DUE = Duration.ofSeconds(60);

  /** As the alert for outcomes that do not come. */
  private static final Duration HARDLY = Duration.ofSeconds(5);

  private static final String CONFLICT = "CONFLICTING_CONTENT";

  private final OrderHistory history;
  private final AuditRules rules;
  private final AuditScope scope;
  private final Findings findings;
  private final Map<Evidence, OrderHistory.Asked> asked = new HashMap<>();

  CancelCheck(OrderHistory history, AuditRules rules, AuditScope scope, Findings findings) {
    this.history = history;
    this.rules = rules;
    this.scope = scope;
    this.findings = findings;
    history.intents.forEach(one -> asked.put(one.at(), one));
  }

  void check() {
    history.intents.forEach(this::intent);
    Map<String, OrderHistory.Answered> first = new HashMap<>();
    for (OrderHistory.Answered answered : history.outcomes) {
      Outcome outcome = answered.outcome();
      findings.counted(outcome.cancel(), Count.OUTCOMES);
      OrderHistory.Answered before = first.putIfAbsent(outcome.cancel().cancelId(), answered);
      if (before != null && !forgotten(before.outcome(), outcome)) {
        findings.add(
            DifferenceKind.TWO_OUTCOMES,
            outcome.cancel(),
            before.outcome().result() + " and " + outcome.result(),
            List.of(before.at(), answered.at()));
      }
      late(answered);
      carried(outcome.cancel(), answered.at(), true);
      saysMore(outcome, answered.at());
      evidence(outcome, answered.at());
    }
    history.progress.forEach(
        said -> {
          givenUp(said.event().at(), said.event().cancel().cancelId());
          carried(said.event().cancel(), said.event().at(), false);
        });
    history.events.forEach(seen -> givenUp(seen.at(), null));
    history.retries.forEach(one -> carried(one.request().cancel(), one.at(), false));
  }

  /**
   * The ledger remembers a cancelId for a day; what is published later is a new cancel by design.
   * The same record that is read again is not, however late.
   */
  private boolean forgotten(Outcome before, Outcome later) {
    return !later.cancel().intent().equals(before.cancel().intent())
        && !later.decidedAt().isBefore(before.decidedAt().plus(rules.rememberSettled()));
  }

  private void intent(OrderHistory.Asked one) {
    if (!scope.judged(one.time())) {
      return;
    }
    findings.counted(Count.INTENTS, 1);
    Cancel cancel = one.cancel();
    String given = scope.deadLetter(one.at());
    if (cancel == null) {
      findings.counted(Count.POISON, 1);
      findings.counted(Count.JUDGED, due(one.time()) ? 1 : 0);
      if (given == null && due(one.time())) {
        findings.add(
            DifferenceKind.POISON_LOST,
            history.key,
            one.intent().cancelId(),
            "an intent without a usable cancelId is not in dead letters",
            List.of(one.at()));
      }
      return;
    }
    Instant last = cancel.deadline().plus(rules.ledger().answerGrace());
    Instant overdue = last.isAfter(one.time()) ? last : one.time();
    if (!due(overdue)) {
      findings.note("cancels whose time was not over yet");
      return;
    }
    findings.counted(Count.JUDGED, 1);
    if (given != null && !given.equals(CONFLICT)) {
      givenUp(one.at(), cancel.cancelId());
      return;
    }
    outcomeOf(one, cancel, given);
    boolean decided =
        history.progress.stream()
            .anyMatch(
                said ->
                    said.event() instanceof LedgerEvent.Decided it
                        && it.cancel().intent().equals(one.at()));
    if (!decided) {
      findings.add(
          DifferenceKind.INTENT_WITHOUT_DECISION,
          cancel,
          "no decision on this record",
          List.of(one.at()));
    }
  }

  /** By the records' times: the ledger stamps its outcomes by its clock. */
  private void late(OrderHistory.Answered answered) {
    Cancel cancel = answered.outcome().cancel();
    Instant due = cancel.deadline().plus(rules.ledger().answerGrace());
    if (due.isBefore(cancel.receivedAt())) {
      due = cancel.receivedAt();
    }
    if (!scope.judged(cancel.receivedAt()) || !answered.time().isAfter(due.plus(HARDLY))) {
      return;
    }
    if (answered.time().isAfter(due.plus(DUE))) {
      findings.add(
          DifferenceKind.OUTCOME_LATE,
          cancel,
          "due at " + due + ", written at " + answered.time(),
          List.of(cancel.intent(), answered.at()));
    } else {
      findings.note("outcomes more than 5 s after their deadline and grace");
    }
  }

  /** A dead letter excuses nothing: what it says of a record that can be used is our own fault. */
  private void givenUp(Evidence at, @Nullable String cancelId) {
    String given = scope.deadLetter(at);
    if (given != null && !given.equals(CONFLICT)) {
      findings.add(
          DifferenceKind.GIVEN_UP,
          history.key,
          cancelId,
          "it can be used, and is in dead letters: " + given,
          List.of(at));
    }
  }

  private void outcomeOf(OrderHistory.Asked one, Cancel cancel, @Nullable String given) {
    OrderHistory.Answered answered = history.outcomeOf(cancel.cancelId());
    if (answered == null) {
      if (given == null && !answeredBefore(cancel)) {
        findings.add(
            DifferenceKind.INTENT_WITHOUT_OUTCOME,
            cancel,
            "no outcome; its time was over at "
                + cancel.deadline().plus(rules.ledger().answerGrace()),
            List.of(one.at()));
      }
      return;
    }
    if (one.at().equals(answered.outcome().cancel().intent())) {
      findings.counted(Count.CANCELS, 1);
    }
    boolean other = !answered.outcome().cancel().digest().equals(cancel.digest());
    if (other && given == null && one.wellFormed() != null) {
      findings.add(
          DifferenceKind.POISON_LOST,
          cancel,
          "the cancelId stands for something else already; not in dead letters",
          List.of(one.at(), answered.at()));
    }
  }

  /** Whether all that was said of it is that it repeats one from before what was read. */
  private boolean answeredBefore(Cancel cancel) {
    boolean any = false;
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof LedgerEvent.Decided decided
          && decided.cancel().cancelId().equals(cancel.cancelId())) {
        if (!(decided.decision() instanceof DeskDecision.Repeat)) {
          return false;
        }
        any = true;
      }
    }
    return any && !scope.fromTheFirst(cancel.intent().topic(), cancel.intent().partition());
  }

  private boolean due(Instant time) {
    return time.plus(DUE).isBefore(scope.horizon());
  }

  /** Whether the cancel that a record carries is the one that its intent asks for. */
  private void carried(Cancel cancel, Evidence at, boolean outcome) {
    OrderHistory.Asked intent = asked.get(cancel.intent());
    if (intent == null) {
      findings.elsewhere.add(new CrossPartitionRefs.Ref(cancel, at, outcome));
    } else if (!cancel.equals(intent.cancel())) {
      findings.add(
          DifferenceKind.CANCEL_CHANGED,
          history.key,
          cancel.cancelId(),
          "it carries " + cancel + ", its intent asks for " + intent.cancel(),
          List.of(at, intent.at()));
    }
  }

  private void saysMore(Outcome outcome, Evidence at) {
    String more = null;
    for (Attempt attempt : outcome.attempts()) {
      if (more == null) {
        more = unsupported(attempt, outcome.cancel());
      }
    }
    more = more == null ? beyond(outcome) : more;
    if (more != null) {
      findings.add(DifferenceKind.OUTCOME_SAYS_MORE, outcome.cancel(), more, List.of(at));
    }
  }

  private @Nullable String unsupported(Attempt attempt, Cancel cancel) {
    Long lease = attempt.lease();
    if (lease != null) { // a successor has its leader's, too
      return history.intents.stream()
              .map(OrderHistory.Asked::cancel)
              .anyMatch(any -> any != null && scope.leases().doubted(any, lease))
          ? null
          : "no lease " + lease + " left open whether a desk called for " + cancel.cancelId();
    }
    boolean started = attempt.startedAt() == null;
    boolean replied = attempt.reply() == null;
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof LedgerEvent.Started one
          && one.attemptId().equals(attempt.attemptId())) {
        started |= one.time().equals(attempt.startedAt());
      }
      if (said.event() instanceof LedgerEvent.Replied one
          && one.attemptId().equals(attempt.attemptId())) {
        replied |= ReplyKind.of(one.reply()) == attempt.reply() && one.sent() == attempt.sent();
      }
    }
    return !started
        ? "no marker like that of attempt " + attempt.attemptId()
        : !replied ? "no answer like that of attempt " + attempt.attemptId() : null;
  }

  /** By the attempts that it lists itself. */
  private @Nullable String beyond(Outcome outcome) {
    List<Attempt> cancels =
        outcome.attempts().stream().filter(a -> a.kind() == RequestKind.CANCEL).toList();
    boolean sent = cancels.stream().anyMatch(Attempt::sent);
    return switch (outcome.result()) {
      case CANCELED ->
          outcome.reason() == Reason.CONFIRMED_BY_VENUE
              ? cancels.stream().anyMatch(a -> a.reply() == ReplyKind.CANCELED)
                  ? null
                  : "CANCELED by the venue's word, and no answer says so"
              : sent ? null : "CANCELED, and no attempt may have reached the venue";
      case PENDING ->
          cancels.stream().anyMatch(a -> a.reply() == ReplyKind.ACCEPTED)
              ? null
              : "PENDING, and the venue accepted no attempt";
      case UNRESOLVED ->
          sent
                  || outcome.reason() == Reason.LEADER_STILL_OPEN
                  || outcome.reason() == Reason.TOO_MANY_PENDING // refused, not for certain
              ? null
              : "UNRESOLVED, and no attempt may have reached the venue";
      case REJECTED -> outcome.joinedTo() == null ? neverSent(outcome) : null;
    };
  }

  /** An outcome that says "never sent": the desk said so, and no call was made, then or later. */
  private @Nullable String neverSent(Outcome outcome) {
    boolean claims =
        switch (outcome.reason()) {
          case MALFORMED, UNKNOWN_VENUE, DEADLINE_PASSED, TOO_MANY_PENDING, QUEUE_FULL -> true;
          default -> false;
        };
    if (!claims || !scope.covers(outcome.cancel().intent())) {
      return null;
    }
    boolean refused = outcome.decidedBy() != DecidedBy.DESK;
    for (OrderHistory.Said said : history.progress) {
      if (!said.event().cancel().equals(outcome.cancel())) {
        continue;
      }
      if (said.event() instanceof LedgerEvent.Replied replied
          && replied.sent()
          && replied.kind() == RequestKind.CANCEL) {
        return outcome.reason() + " says never sent, and attempt " + replied.attemptId() + " was";
      }
      refused |=
          said.event() instanceof LedgerEvent.Decided decided
              && decided.decision() instanceof DeskDecision.Refuse refuse
              && refuse.reason() == outcome.reason();
    }
    return refused ? null : outcome.reason() + " by the desk, which decided no such thing";
  }

  private void evidence(Outcome outcome, Evidence at) {
    Set<Evidence> there = new HashSet<>(asked.keySet());
    history.progress.forEach(said -> there.add(said.event().at()));
    history.events.forEach(seen -> there.add(seen.at()));
    for (Evidence one : outcome.evidence()) {
      if (there.contains(one)) {
        continue;
      }
      if (scope.expired(one)) {
        findings.gap("records named as evidence that retention took");
      } else if (scope.covers(one)) {
        findings.add(
            DifferenceKind.EVIDENCE_MISSING,
            outcome.cancel(),
            "the outcome names " + one + ", which is not there",
            List.of(at, one));
      }
    }
  }
}
