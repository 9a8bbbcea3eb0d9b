package io.countermand.venues.testing;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CallResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What is recorded of an answer. */
public final class Recorded {

  private static final Evidence AT = new Evidence("cancel-progress", 0, 7);

  private Recorded() {}

  public static LedgerEvent.Replied replied(
      CancelRequest request, RequestKind kind, CallResult answer) {
    return replied(request, kind, answer.reply(), answer.repliedAt());
  }

  /** With microseconds, and without what cannot be. */
  public static LedgerEvent.Replied replied(
      CancelRequest request, RequestKind kind, Reply reply, Instant at) {
    Instant micros = at.truncatedTo(ChronoUnit.MICROS);
    return new LedgerEvent.Replied(
        request.cancel(), "a1", 1, kind, kept(reply, micros), true, micros, AT, micros);
  }

  private static Reply kept(Reply reply, Instant at) {
    ReplyDetails told = Facts.of(reply.told(), at);
    return switch (reply) {
      case Reply.Canceled _ -> new Reply.Canceled(told);
      case Reply.Accepted _ -> new Reply.Accepted(told);
      case Reply.NotOpen _ -> new Reply.NotOpen(told);
      case Reply.UnknownOrder _ -> new Reply.UnknownOrder(told);
      case Reply.GoneOrUnknown _ -> new Reply.GoneOrUnknown(told);
      case Reply.Refused r -> new Reply.Refused(r.reason(), r.cxlRejReason(), told);
      case Reply.RetryLater r -> new Reply.RetryLater(r.at(), r.continuation(), told);
      case Reply.Unauthorized _ -> new Reply.Unauthorized(told);
      case Reply.Ambiguous _ -> new Reply.Ambiguous(told);
      case Reply.NotSent r -> new Reply.NotSent(r.reason(), told);
      case Reply.Status _ -> new Reply.Status(told);
    };
  }
}
