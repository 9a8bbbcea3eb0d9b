package io.countermand.domain.decision;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a desk may do with a request, and when. The desk asks {@link #late} twice: before it writes
 * the started marker, and again once the marker is durable, right before the call. So a call never
 * starts without a marker in the log, nor at or after the deadline, and the ledger may say "never
 * sent" of a cancel whose deadline passed without a marker.
 *
 * @param callTimeout bound of one call, body included
 * @param answerGrace as in {@code LedgerRules}: an answer after deadline + answerGrace is too late
 */
public record CallRules(Duration callTimeout, Duration answerGrace) {

  /** The answer to a request whose deadline has passed; null while a call may start. */
  public Reply.@Nullable NotSent late(CancelRequest request, Instant now) {
    return now.isBefore(request.cancel().deadline())
        ? null
        : new Reply.NotSent(
            Reason.DEADLINE_PASSED,
            ReplyDetails.of(null, "the deadline had passed before a call could start"));
  }

  /**
   * How long a call that starts now may take. It ends by deadline + answerGrace/2, so that it is
   * over when the ledger, whose clock may be ahead by less than the other half, lets a successor
   * lead.
   */
  public Duration timeout(CancelRequest request, Instant now) {
    Instant end = request.cancel().deadline().plus(answerGrace.dividedBy(2));
    Duration left = Duration.between(now, end);
    return left.compareTo(callTimeout) < 0 ? left : callTimeout;
  }
}
