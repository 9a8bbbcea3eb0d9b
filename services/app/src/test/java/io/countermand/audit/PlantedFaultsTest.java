package io.countermand.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.app.pipeline.PipelineAccess.Stack;
import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.Findings;
import io.countermand.audit.report.AuditResult;
import io.countermand.audit.source.AuditRules;
import io.countermand.events.AttemptReplied;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelRequest;
import io.countermand.events.CancelResult;
import io.countermand.events.DeadLetter;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.events.OrderState;
import io.countermand.events.QueueSeen;
import io.countermand.events.Refused;
import io.countermand.events.ReplyKind;
import io.countermand.events.Routed;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded topics that somebody has changed: each change is found, and named. */
@Tag("pipeline")
@Tag("front") // infra/compose/ci
@ExtendWith(PipelineAccess.class)
class PlantedFaultsTest {

  private final Stack stack;
  private final AuditRules rules;

  PlantedFaultsTest(Stack stack) {
    this.stack = stack;
    this.rules = stack.rules();
  }

  /** A change, and the names by which it may be found. */
  record Fault(String name, Consumer<Tamper> change, Set<DifferenceKind> found) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Fault fault(
      String name, Consumer<Tamper> change, DifferenceKind first, DifferenceKind... more) {
    return new Fault(name, change, EnumSet.of(first, more));
  }

  static Stream<Fault> faults() {
    return Stream.of(
        fault("intent dropped", t -> t.drop(t.intent()), DifferenceKind.EVIDENCE_MISSING),
        fault(
            "intent added",
            t -> t.add(t.intent(), CancelIntent.class, v -> v.setCancelId("planted")),
            DifferenceKind.INTENT_WITHOUT_OUTCOME),
        fault("intent doubled", t -> t.twice(t.intent()), DifferenceKind.INTENT_WITHOUT_DECISION),
        fault(
            "intent's deadline changed",
            t ->
                t.change(
                    t.intent(),
                    CancelIntent.class,
                    v -> v.setDeadline(v.getCreatedAt().plusSeconds(3))),
            DifferenceKind.CANCEL_CHANGED),
        fault(
            "intent's requester changed",
            t -> t.change(t.intent(), CancelIntent.class, v -> v.setIsAutomated(true)),
            DifferenceKind.CANCEL_CHANGED),
        fault(
            "intents exchanged",
            t -> t.exchange(Topics.INTENTS),
            DifferenceKind.EVIDENCE_MISSING,
            DifferenceKind.CANCEL_CHANGED),
        fault(
            "intent under another order's key, and not published again",
            t -> t.rekey(t.intent()),
            DifferenceKind.RECORD_NOT_MOVED),
        fault(
            "malformed intent under another key, and its outcome dropped",
            Tamper::malformedElsewhere,
            DifferenceKind.INTENT_WITHOUT_OUTCOME),
        fault("outcome dropped", t -> t.drop(t.canceled()), DifferenceKind.INTENT_WITHOUT_OUTCOME),
        fault("outcome doubled", t -> t.twice(t.canceled()), DifferenceKind.TWO_OUTCOMES),
        fault(
            "outcome of the same intent again, long after its id was forgotten",
            t ->
                t.add(
                    t.canceled(),
                    CancelOutcome.class,
                    v -> v.setDecidedAt(v.getDecidedAt().plus(Duration.ofDays(3)))),
            DifferenceKind.TWO_OUTCOMES),
        fault("outcome written an hour late", Tamper::answeredLate, DifferenceKind.OUTCOME_LATE),
        fault(
            "good intent in dead letters, and its outcome dropped",
            Tamper::givenUp,
            DifferenceKind.GIVEN_UP),
        fault(
            "outcome says CANCELED of a refused cancel",
            t ->
                t.change(t.refusal(), CancelOutcome.class, v -> v.setResult(CancelResult.CANCELED)),
            DifferenceKind.OUTCOME_SAYS_MORE),
        fault(
            "outcome's executed quantity changed",
            t -> t.change(t.canceled(), CancelOutcome.class, v -> v.setExecutedQty("7")),
            DifferenceKind.OUTCOME_NOT_DERIVED),
        fault(
            "outcome's time changed",
            t ->
                t.change(
                    t.canceled(),
                    CancelOutcome.class,
                    v -> v.setDecidedAt(v.getDecidedAt().minusMillis(5))),
            DifferenceKind.OUTCOME_NOT_DERIVED),
        fault(
            "outcome's evidence changed",
            t ->
                t.change(
                    t.canceled(),
                    CancelOutcome.class,
                    v -> v.getEvidence().getLast().setOffset(999_999)),
            DifferenceKind.OUTCOME_NOT_DERIVED),
        fault("outcome under another key", t -> t.rekey(t.canceled()), DifferenceKind.WRONG_KEY),
        fault("outcome's bytes destroyed", t -> t.destroy(t.canceled()), DifferenceKind.UNREADABLE),
        fault(
            "decision dropped",
            t -> t.drop(t.progress(Routed.class)),
            DifferenceKind.INTENT_WITHOUT_DECISION),
        fault(
            "refusal's evidence changed",
            t ->
                t.change(
                    t.shownRefusal(),
                    CancelProgress.class,
                    v -> ((Refused) v.getWhat()).getOrder().getEvidence().setOffset(0)),
            DifferenceKind.REFUSAL_NOT_SUPPORTED,
            DifferenceKind.EVIDENCE_MISSING),
        fault(
            "refusal's reason changed",
            t ->
                t.change(
                    t.shownRefusal(),
                    CancelProgress.class,
                    v ->
                        ((Refused) v.getWhat())
                            .setReason(io.countermand.events.Reason.ORDER_EXPIRED)),
            DifferenceKind.REFUSAL_NOT_SUPPORTED),
        fault(
            "order event behind a refusal dropped",
            t -> t.drop(t.behindRefusal()),
            DifferenceKind.EVIDENCE_MISSING),
        fault(
            "order event behind a refusal changed",
            t -> t.change(t.behindRefusal(), OrderEvent.class, v -> v.setOrdStatus(OrdStatus.NEW)),
            DifferenceKind.REFUSAL_NOT_SUPPORTED),
        fault(
            "order event doubled",
            t -> t.twice(t.behindRefusal()),
            DifferenceKind.DUPLICATE_RECORD),
        fault(
            "order event added by the ledger's name",
            t ->
                t.add(
                    t.behindRefusal(),
                    OrderEvent.class,
                    v -> {
                      v.setSource("ledger");
                      v.setCancelId("planted");
                    }),
            DifferenceKind.STEP_NOT_DERIVED),
        fault(
            "call added after a refusal",
            Tamper::callAfterRefusal,
            DifferenceKind.CALL_AFTER_REFUSAL),
        fault(
            "marker cites the intent of another cancel",
            Tamper::intentOfAnother,
            DifferenceKind.EVIDENCE_DIFFERS),
        fault(
            "marker of a call came into the log past the deadline",
            Tamper::markedLate,
            DifferenceKind.MARKER_PAST_DEADLINE,
            DifferenceKind.OUT_OF_ORDER), // all that tells, if a lease let the call leave before
        fault(
            "routed although the queue was full",
            t ->
                t.change(
                    t.progress(Routed.class),
                    CancelProgress.class,
                    v -> ((Routed) v.getWhat()).setQueue(new QueueSeen(100, 100))),
            DifferenceKind.DECISION_NOT_SUPPORTED),
        fault(
            "refusal says that a queue was full which had room",
            t ->
                t.change(
                    t.progress(Routed.class),
                    CancelProgress.class,
                    v ->
                        v.setWhat(
                            new Refused(
                                io.countermand.events.Reason.QUEUE_FULL,
                                "planted",
                                null,
                                new QueueSeen(99, 100)))),
            DifferenceKind.REFUSAL_NOT_SUPPORTED),
        fault("marker dropped", Tamper::unmark, DifferenceKind.CALL_WITHOUT_MARKER),
        fault("marker doubled", t -> t.twice(t.marker()), DifferenceKind.DUPLICATE_RECORD),
        fault("marker and answer exchanged", Tamper::answerFirst, DifferenceKind.OUT_OF_ORDER),
        fault(
            "answer dropped",
            t -> t.drop(t.progress(AttemptReplied.class)),
            DifferenceKind.OUTCOME_SAYS_MORE,
            DifferenceKind.OUTCOME_NOT_DERIVED),
        fault(
            "answer changed",
            t ->
                t.change(
                    t.progress(AttemptReplied.class),
                    CancelProgress.class,
                    v -> ((AttemptReplied) v.getWhat()).setReply(ReplyKind.AMBIGUOUS)),
            DifferenceKind.OUTCOME_SAYS_MORE,
            DifferenceKind.OUTCOME_NOT_DERIVED),
        fault(
            "answer's words say something else than its class",
            t ->
                t.change(
                    t.progress(AttemptReplied.class),
                    CancelProgress.class,
                    v ->
                        ((AttemptReplied) v.getWhat())
                            .setResponse("HTTP 400: {\"error\":\"Invalid request\"}")),
            DifferenceKind.REPLY_MISREAD),
        fault(
            "answer's sending moved past the deadline",
            t ->
                t.change(
                    t.progress(AttemptReplied.class),
                    CancelProgress.class,
                    v ->
                        ((AttemptReplied) v.getWhat())
                            .setSentAt(v.getCancel().getDeadline().plus(1, ChronoUnit.SECONDS))),
            DifferenceKind.CALL_PAST_DEADLINE),
        fault(
            "progress of another cancel",
            t ->
                t.change(
                    t.progress(AttemptReplied.class),
                    CancelProgress.class,
                    v -> v.getCancel().setClOrdId("planted")),
            DifferenceKind.CANCEL_CHANGED),
        fault("request dropped", t -> t.drop(t.request()), DifferenceKind.CALL_WITHOUT_REQUEST),
        fault("request doubled", t -> t.twice(t.request()), DifferenceKind.DUPLICATE_RECORD),
        fault(
            "request changed",
            t -> t.change(t.request(), CancelRequest.class, v -> v.setAttemptNo(5)),
            DifferenceKind.EVIDENCE_DIFFERS),
        fault("dead letter dropped", t -> t.drop(t.letter()), DifferenceKind.POISON_LOST),
        fault(
            "dead letter changed",
            t ->
                t.change(
                    t.letter(),
                    DeadLetter.class,
                    v -> v.setValue(ByteBuffer.wrap(new byte[] {1, 2}))),
            DifferenceKind.DEAD_LETTER_NOT_SUPPORTED),
        fault(
            "report of a mass cancel that nobody asked for",
            Tamper::reportedUnasked,
            DifferenceKind.MASS_NOT_ASKED_FOR),
        fault(
            "fire of a dead-man's switch that nobody armed",
            Tamper::firedUnarmed,
            DifferenceKind.FIRE_NOT_DERIVED),
        fault(
            "order state changed",
            t -> t.change(t.state(), OrderState.class, v -> v.setCumQty("9.5")),
            DifferenceKind.ORDER_STATE_DIFFERS));
  }

  @Test
  void shouldFindNothingInAHistoryAsItHappened() throws Exception {
    // When
    AuditResult result = Recorded.audit(Recorded.history(stack, rules), rules);
    // Then
    assertThat(result.findings().differences).isEmpty();
    assertThat(result.findings().gaps).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.findings().counts.get(Findings.Count.CALLS)).isPositive();
    assertThat(result.findings().counts.get(Findings.Count.JUDGED)).isPositive();
    assertThat(result.findings().counts).containsKey(Findings.Count.FIRES);
    assertThat(result.findings().derived).isPositive();
    assertThat(result.findings().notes)
        .extractingByKey("answers read again, as their adapter read them", LONG)
        .isPositive();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void shouldFindAndName(Fault fault) throws Exception {
    // Given
    MemorySource history = Recorded.history(stack, rules);
    try (EventSerdes serdes = stack.connection().serdes()) {
      fault.change().accept(new Tamper(history, serdes));
    }
    // When
    AuditResult result = Recorded.audit(history, rules);
    // Then
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(result.findings().kinds.keySet())
        .as(() -> String.valueOf(result.findings().differences))
        .containsAnyElementsOf(fault.found());
  }

  @Test
  void shouldSayWhatRetentionTook() throws Exception {
    // Given
    MemorySource history = Recorded.history(stack, rules);
    ConsumerRecord<byte[], byte[]> intent;
    try (EventSerdes serdes = stack.connection().serdes()) {
      intent = new Tamper(history, serdes).intent();
    }
    history.cut(Topics.INTENTS, intent.partition(), intent.offset() + 1);
    // When
    AuditResult result = Recorded.audit(history, rules);
    // Then
    assertThat(result.findings().gaps).isNotEmpty();
    assertThat(result.findings().kinds).isEmpty();
    assertThat(result.exitCode()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void shouldFindNothingInAnyPartOfAHistory(int part) throws Exception {
    // Given
    MemorySource history = Recorded.history(stack, rules);
    List<Long> times =
        history.records.stream()
            .filter(r -> r.topic().equals(Topics.INTENTS))
            .map(ConsumerRecord::timestamp)
            .sorted()
            .toList();
    Instant from = Instant.ofEpochMilli(times.get(times.size() * part / 12));
    Instant to = Instant.ofEpochMilli(times.get(times.size() * (part + 2) / 12) + 1);
    // When
    AuditResult result = Recorded.audit(history, rules, from, to, Duration.ofSeconds(2));
    // Then
    assertThat(result.findings().differences).isEmpty();
    assertThat(result.findings().counts.get(Findings.Count.INTENTS)).isPositive();
  }
}
