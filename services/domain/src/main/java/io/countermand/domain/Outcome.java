package io.countermand.domain;

import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one answer to an intent; fields as in the schema's CancelOutcome. */
public record Outcome(
    Cancel cancel,
    CancelResult result,
    Reason reason,
    String text,
    @Nullable CxlRejReason cxlRejReason,
    @Nullable OrdStatus ordStatus,
    @Nullable String rawStatus,
    @Nullable BigDecimal executedQty,
    DecidedBy decidedBy,
    @Nullable String joinedTo,
    @Nullable String successor,
    @Nullable Instant successorDeadline,
    List<Attempt> attempts,
    List<Evidence> evidence,
    Instant decidedAt) {

  /** The same, decided at {@code at} if that is later. */
  public Outcome notBefore(Instant at) {
    return at.isAfter(decidedAt)
        ? new Outcome(
            cancel,
            result,
            reason,
            text,
            cxlRejReason,
            ordStatus,
            rawStatus,
            executedQty,
            decidedBy,
            joinedTo,
            successor,
            successorDeadline,
            attempts,
            evidence,
            at)
        : this;
  }
}
