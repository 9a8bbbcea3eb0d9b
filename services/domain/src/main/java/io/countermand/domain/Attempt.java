package io.countermand.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call to the venue, as far as known.
 *
 * @param startedAt time of its marker; null: refused before any marker, or nothing is known of it
 *     but that a desk may have made it under a lease
 * @param sentAt when the call started; null: not, or not told
 * @param repliedAt when the answer was complete; null: none came (yet)
 * @param sent whether it may have reached the venue
 * @param reply null: none came (yet)
 * @param lost whether the ledger has stopped waiting for the answer
 */
public record Attempt(
    String attemptId,
    int attemptNo,
    RequestKind kind,
    @Nullable Instant startedAt,
    @Nullable Instant sentAt,
    @Nullable Instant repliedAt,
    boolean sent,
    @Nullable ReplyKind reply,
    @Nullable String venueCode,
    @Nullable String venueMessage,
    boolean lost) {

  /** How the id of an attempt begins that a lease stands for; no other has it. */
  private static final String OF_LEASE = "lease-";

  /** Behind the lease: whose intent's it is, if a leader's. */
  private static final char INTENT = '@';

  /** Whether an answer may still come. */
  public boolean open() {
    return repliedAt == null && !lost;
  }

  /**
   * One that a desk may have made under its lease before it could write of it, and that nobody will
   * tell of: neither a marker is there nor an answer.
   */
  public static Attempt presumed(long lease) {
    return new Attempt(
        OF_LEASE + lease, 1, RequestKind.CANCEL, null, null, null, true, null, null, null, true);
  }

  /** The same, of a cancel that succeeds the one that it may have been made for. */
  public Attempt inherited(Cancel from) {
    return presumed() && intent() == null
        ? new Attempt(
            attemptId + INTENT + from.intent().offset(),
            attemptNo,
            kind,
            startedAt,
            sentAt,
            repliedAt,
            sent,
            reply,
            venueCode,
            venueMessage,
            lost)
        : this;
  }

  /** The offset of the intent that it may have been made for; null: its cancel's own. */
  public @Nullable Long intent() {
    int at = attemptId.indexOf(INTENT);
    return lease() == null || at < 0 ? null : Long.valueOf(attemptId.substring(at + 1));
  }

  public boolean presumed() {
    return startedAt == null && repliedAt == null;
  }

  /** It was not made after all, as the desk's own later records show. */
  public Attempt asRuledOut(Instant at) {
    return new Attempt(
        attemptId, 1, kind, null, null, at, false, ReplyKind.NOT_SENT, null, null, false);
  }

  public boolean ruledOut() {
    return repliedAt != null && lease() != null;
  }

  /** The lease under which a desk may have made it, if nothing else is known; else null. */
  public @Nullable Long lease() {
    if (!attemptId.startsWith(OF_LEASE)) {
      return null;
    }
    int at = attemptId.indexOf(INTENT);
    return Long.valueOf(attemptId.substring(OF_LEASE.length(), at < 0 ? attemptId.length() : at));
  }

  public Attempt asLost() {
    return new Attempt(
        attemptId,
        attemptNo,
        kind,
        startedAt,
        sentAt,
        repliedAt,
        sent,
        reply,
        venueCode,
        venueMessage,
        true);
  }
}
