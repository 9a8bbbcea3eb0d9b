package io.countermand.venues;

import io.countermand.domain.Reply;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of one call.
 *
 * @param sent false only where certainly no byte of the cancel (or query) reached the venue
 * @param sentAt when the call was begun; null if {@code sent} is false
 * @param repliedAt when the answer was complete, or was given up
 * @param request the call without secrets, at most 2 KiB; null if none was made
 * @param response the answer without secrets, at most 2 KiB; null if none came
 */
public record CallResult(
    Reply reply,
    boolean sent,
    @Nullable Instant sentAt,
    Instant repliedAt,
    @Nullable String request,
    @Nullable String response) {

  /** Decided here: nothing left this machine. */
  public static CallResult local(Reply reply, Instant now) {
    return new CallResult(reply, false, null, now, null, null);
  }
}
