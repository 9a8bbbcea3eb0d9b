package io.countermand.domain;

import io.countermand.domain.order.ReplyDetails;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a venue's answer means. Adapters classify, the ledger decides; {@code docs/replies.md} has
 * the whole table. Immutable.
 */
public sealed interface Reply {

  ReplyDetails told();

  /** The venue says the order is cancelled now. */
  record Canceled(ReplyDetails told) implements Reply {}

  /** The venue took the cancel; the order is not cancelled yet. */
  record Accepted(ReplyDetails told) implements Reply {}

  /** The order is not open (any more); how it ended only if told. */
  record NotOpen(ReplyDetails told) implements Reply {}

  /** The venue does not know the order. */
  record UnknownOrder(ReplyDetails told) implements Reply {}

  /** Not open any more, or never known: the venue says that it cannot tell which. */
  record GoneOrUnknown(ReplyDetails told) implements Reply {}

  /** The venue, or the adapter before sending, refuses for good. */
  record Refused(Reason reason, CxlRejReason cxlRejReason, ReplyDetails told) implements Reply {
    public Refused(Reason reason, ReplyDetails told) {
      this(reason, reason.cxlRejReason(), told);
    }
  }

  /**
   * Certainly not handled; may be tried again.
   *
   * @param at earliest time for another try; null if the venue named none
   * @param continuation what the venue wants to see again (Tradovate's p-ticket)
   */
  record RetryLater(@Nullable Instant at, @Nullable String continuation, ReplyDetails told)
      implements Reply {}

  /** Not handled: the credential was not accepted, also after one renewal. */
  record Unauthorized(ReplyDetails told) implements Reply {}

  /** It may have been handled, or not: time-out, reset after send, 5xx, unreadable answer. */
  record Ambiguous(ReplyDetails told) implements Reply {}

  /** Certainly nothing left this machine: connection refused, deadline passed, venue paused. */
  record NotSent(Reason reason, ReplyDetails told) implements Reply {}

  /** The answer to a status query; {@link ReplyDetails#ordStatus()} is set, perhaps to UNKNOWN. */
  record Status(ReplyDetails told) implements Reply {}
}
