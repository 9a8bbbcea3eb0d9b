package io.countermand.codec;

import static io.countermand.codec.Values.all;
import static io.countermand.codec.Values.decimal;
import static io.countermand.codec.Values.micros;
import static io.countermand.codec.Values.microsOrNull;
import static io.countermand.codec.Values.name;
import static io.countermand.codec.Values.named;

import io.countermand.domain.Attempt;
import io.countermand.domain.CancelResult;
import io.countermand.domain.CxlRejReason;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.OrdStatus;
import io.countermand.events.CancelOutcome;

/** Outcomes and attempts between domain and Avro. */
public final class OutcomeCodec {

  private OutcomeCodec() {}

  public static CancelOutcome toAvro(Outcome outcome) {
    return CancelOutcome.newBuilder()
        .setCancel(IntentCodec.toAvro(outcome.cancel()))
        .setResult(name(outcome.result(), io.countermand.events.CancelResult.class))
        .setReason(name(outcome.reason(), io.countermand.events.Reason.class))
        .setText(outcome.text())
        .setCxlRejReason(named(outcome.cxlRejReason(), io.countermand.events.CxlRejReason.class))
        .setOrdStatus(named(outcome.ordStatus(), io.countermand.events.OrdStatus.class))
        .setRawStatus(outcome.rawStatus())
        .setExecutedQty(decimal(outcome.executedQty()))
        .setDecidedBy(name(outcome.decidedBy(), io.countermand.events.DecidedBy.class))
        .setJoinedTo(outcome.joinedTo())
        .setSuccessor(outcome.successor())
        .setSuccessorDeadline(microsOrNull(outcome.successorDeadline()))
        .setAttempts(all(outcome.attempts(), OutcomeCodec::toAvro))
        .setEvidence(all(outcome.evidence(), IntentCodec::toAvro))
        .setDecidedAt(micros(outcome.decidedAt()))
        .build();
  }

  public static Outcome fromAvro(CancelOutcome outcome) {
    return new Outcome(
        IntentCodec.fromAvro(outcome.getCancel()),
        name(outcome.getResult(), CancelResult.class),
        name(outcome.getReason(), Reason.class),
        outcome.getText(),
        named(outcome.getCxlRejReason(), CxlRejReason.class),
        named(outcome.getOrdStatus(), OrdStatus.class),
        outcome.getRawStatus(),
        decimal(outcome.getExecutedQty()),
        name(outcome.getDecidedBy(), DecidedBy.class),
        outcome.getJoinedTo(),
        outcome.getSuccessor(),
        outcome.getSuccessorDeadline(),
        all(outcome.getAttempts(), attempt -> fromAvro(attempt, false)),
        all(outcome.getEvidence(), IntentCodec::fromAvro),
        outcome.getDecidedAt());
  }

  static io.countermand.events.Attempt toAvro(Attempt attempt) {
    return new io.countermand.events.Attempt(
        attempt.attemptId(),
        attempt.attemptNo(),
        name(attempt.kind(), io.countermand.events.RequestKind.class),
        microsOrNull(attempt.startedAt()),
        microsOrNull(attempt.sentAt()),
        microsOrNull(attempt.repliedAt()),
        attempt.sent(),
        named(attempt.reply(), io.countermand.events.ReplyKind.class),
        attempt.venueCode(),
        attempt.venueMessage());
  }

  static Attempt fromAvro(io.countermand.events.Attempt attempt, boolean lost) {
    return new Attempt(
        attempt.getAttemptId(),
        attempt.getAttemptNo(),
        name(attempt.getKind(), RequestKind.class),
        attempt.getStartedAt(),
        attempt.getSentAt(),
        attempt.getRepliedAt(),
        attempt.getSent(),
        named(attempt.getReply(), ReplyKind.class),
        attempt.getVenueCode(),
        attempt.getVenueMessage(),
        lost);
  }
}
