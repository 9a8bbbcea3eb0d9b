package io.countermand.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call to the venue, as far as known.
 *
 * @param startedAt time of its marker; null: refused before any marker
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

  /** Whether an answer may still come. */
  public boolean open() {
    return repliedAt == null && !lost;
  }

  Attempt asLost() {
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
