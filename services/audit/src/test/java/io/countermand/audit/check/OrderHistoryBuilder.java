package io.countermand.audit.check;

import io.countermand.audit.source.AuditRules;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.decision.HandOver;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One order's records, written down one by one; a millisecond passes with each. */
final class OrderHistoryBuilder {

  static final Instant START = Instant.parse("2026-11-28T08:00:00Z");
  static final Duration DEADLINE = Duration.ofSeconds(10);

  private static final OrderRef ORDER = new OrderRef("crosstrade", "Sim101", "o1");
  private static final AuditRules RULES =
      new AuditRules(
          new IntentCheck(DEADLINE, Duration.ofHours(1)),
          new DeskRules(Set.of("crosstrade"), Duration.ofSeconds(30)),
          new LedgerRules(Duration.ofSeconds(5), Duration.ofDays(1), Map.of()),
          Duration.ofDays(1),
          Duration.ofDays(30),
          Duration.ofDays(1),
          Map.of(),
          Set.of());

  private final OrderHistory records = new OrderHistory(ORDER.key());
  private Instant now = START;
  private long print;

  /** A well-formed intent, and its cancel. */
  Cancel intent(String cancelId) {
    Intent intent =
        new Intent(cancelId, ORDER, null, null, null, null, false, false, null, Map.of(), tick());
    var at = new Evidence(Topics.INTENTS, 0, records.intents.size());
    var asked =
        new OrderHistory.Asked(intent, RULES.check().check(intent, at, now), at, now, print++);
    records.intents.add(asked);
    return Objects.requireNonNull(asked.wellFormed());
  }

  void decided(Cancel cancel, DeskDecision decision) {
    decided(cancel, decision, "desk-1");
  }

  void decided(Cancel cancel, DeskDecision decision, String by) {
    Evidence at = next();
    said(new LedgerEvent.Decided(cancel, decision, at, tick()), by, null, now);
  }

  /** What is found of who decided, if another group has the venue from that offset on. */
  Set<DifferenceKind> handedOver(long offset) {
    Findings findings = new Findings(new Everything(START.plus(Duration.ofDays(1))));
    var check = new HandOverCheck(0);
    check.read(new HandOver("crosstrade", "old", "next"), offset);
    check.check(records, findings);
    return findings.kinds.keySet();
  }

  void marker(Cancel cancel, String attempt, int attemptNo, Evidence cited) {
    marker(cancel, attempt, attemptNo, cited, now.plusMillis(1));
  }

  /**
   * @param appended the record's time in the log
   */
  void marker(Cancel cancel, String attempt, int attemptNo, Evidence cited, Instant appended) {
    Evidence at = next();
    var started =
        new LedgerEvent.Started(cancel, attempt, attemptNo, RequestKind.CANCEL, at, tick());
    said(started, "desk-1", cited, appended);
  }

  void answer(Cancel cancel, String attempt, int attemptNo, Evidence cited, String by) {
    Evidence at = next();
    var reply = new Reply.Canceled(ReplyDetails.of("200", "canceled"));
    var replied =
        new LedgerEvent.Replied(
            cancel, attempt, attemptNo, RequestKind.CANCEL, reply, true, tick(), at, now);
    said(replied, by, cited, now);
  }

  /** The ledger asks again. */
  Evidence retry(Cancel cancel, int attemptNo) {
    var at = new Evidence(Topics.RETRIES, 0, records.retries.size());
    records.retries.add(
        new OrderHistory.Requested(
            new CancelRequest(cancel, RequestKind.CANCEL, attemptNo, null, tick()),
            at,
            now,
            print++));
    return at;
  }

  /** The ledger's, by the desk's word. */
  void refused(Cancel cancel, Reason reason) {
    var at = new Evidence(Topics.OUTCOMES, 0, records.outcomes.size());
    var outcome =
        new Outcome(
            cancel,
            CancelResult.REJECTED,
            reason,
            "",
            reason.cxlRejReason(),
            null,
            null,
            null,
            DecidedBy.DESK,
            null,
            null,
            null,
            List.of(),
            List.of(),
            tick());
    records.outcomes.add(new OrderHistory.Answered(outcome, at, now, print++));
  }

  /** What outcomes are found to say wrongly. */
  Set<DifferenceKind> outcomesJudged() {
    Findings findings = new Findings(new Everything(START.plus(Duration.ofDays(1))));
    new CancelCheck(records, RULES, new Everything(START.plus(Duration.ofDays(1))), findings)
        .check();
    return findings.kinds.keySet();
  }

  /** What desk and calls are found to have done wrong. */
  Set<DifferenceKind> judged() {
    Findings findings = new Findings(new Everything(START.plus(Duration.ofDays(1))));
    new DecisionCheck(records, RULES, new Everything(START.plus(Duration.ofDays(1))), findings)
        .check();
    new CallCheck(records, new Everything(START.plus(Duration.ofDays(1))), findings).check();
    return findings.kinds.keySet();
  }

  private Evidence next() {
    return new Evidence(Topics.PROGRESS, 0, records.progress.size());
  }

  private void said(
      LedgerEvent.OfCancel event, String by, @Nullable Evidence cited, Instant appended) {
    records.progress.add(new OrderHistory.Said(event, by, cited, null, appended, print++));
  }

  private Instant tick() {
    now = now.plusMillis(1);
    return now;
  }
}
