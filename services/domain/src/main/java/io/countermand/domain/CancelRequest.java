package io.countermand.domain;

import io.countermand.domain.order.Evidence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call that a desk is to make.
 *
 * @param attemptNo 1 for the desk's first attempt, then counted by the ledger
 * @param continuation what the venue wants to see again in this attempt
 * @param trace to be shown to the venue where its protocol has a place for it; travels in record
 *     headers, not in the value; null: none
 * @param follows the record of the progress that the ledger had read of this order when it asked,
 *     and nothing behind it; null: of the desk's own, or not told
 */
public record CancelRequest(
    Cancel cancel,
    RequestKind kind,
    int attemptNo,
    @Nullable String continuation,
    Instant requestedAt,
    @Nullable TraceContext trace,
    @Nullable Evidence follows) {

  /** A desk's own. */
  public CancelRequest(
      Cancel cancel,
      RequestKind kind,
      int attemptNo,
      @Nullable String continuation,
      Instant requestedAt,
      @Nullable TraceContext trace) {
    this(cancel, kind, attemptNo, continuation, requestedAt, trace, null);
  }

  /** Without a trace. */
  public CancelRequest(
      Cancel cancel,
      RequestKind kind,
      int attemptNo,
      @Nullable String continuation,
      Instant requestedAt) {
    this(cancel, kind, attemptNo, continuation, requestedAt, null);
  }

  public CancelRequest traced(@Nullable TraceContext at) {
    return at == null && trace == null
        ? this
        : new CancelRequest(cancel, kind, attemptNo, continuation, requestedAt, at, follows);
  }

  /** The same, which follows from a record of the progress. */
  public CancelRequest following(@Nullable Evidence record) {
    return new CancelRequest(cancel, kind, attemptNo, continuation, requestedAt, trace, record);
  }
}
