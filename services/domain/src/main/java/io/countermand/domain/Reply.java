package io.countermand.domain;

import io.countermand.domain.order.Told;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a venue's answer means. Adapters classify, the ledger decides; {@code docs/replies.md} has
 * the whole table. Immutable.
 */
public sealed interface Reply {

  Told told();

  /** The venue says the order is cancelled now. */
  record Canceled(Told told) implements Reply {}

  /** The venue took the cancel; the order is not cancelled yet. */
  record Accepted(Told told) implements Reply {}

  /** The order is not open (any more); how it ended only if told. */
  record NotOpen(Told told) implements Reply {}

  /** The venue does not know the order. */
  record UnknownOrder(Told told) implements Reply {}

  /** Not open any more, or never known: the venue says that it cannot tell which. */
  record GoneOrUnknown(Told told) implements Reply {}

  /** The venue, or the adapter before sending, refuses for good. */
  record Refused(Reason reason, CxlRejReason cxlRejReason, Told told) implements Reply {
    public Refused(Reason reason, Told told) {
      this(reason, reason.cxlRejReason(), told);
    }
  }

  /**
   * Certainly not handled; may be tried again.
   *
   * @param at earliest time for another try; null if the venue named none
   * @param continuation what the venue wants to see again (Tradovate's p-ticket)
   */
  record RetryLater(@Nullable Instant at, @Nullable String continuation, Told told)
      implements Reply {}

  /** Not handled: the credential was not accepted, also after one renewal. */
  record Unauthorized(Told told) implements Reply {}

  /** It may have been handled, or not: time-out, reset after send, 5xx, unreadable answer. */
  record Ambiguous(Told told) implements Reply {}

  /** Certainly nothing left this machine: connection refused, deadline passed, venue paused. */
  record NotSent(Reason reason, Told told) implements Reply {}

  /** The answer to a status query; {@link Told#ordStatus()} is set, perhaps to UNKNOWN. */
  record Status(Told told) implements Reply {}
}
