package io.countermand.venues.http;

import io.countermand.domain.Reply;
import io.countermand.domain.Told;
import io.countermand.venues.limits.Pause;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an answer means, and whether it closes the venue for a while.
 *
 * @param pause null: other calls may go on
 */
public record Verdict(Reply reply, @Nullable Pause pause) {

  /** Where a venue counts calls but names no time. */
  private static final Duration UNNAMED = Duration.ofSeconds(1);

  public static Verdict of(Reply reply) {
    return new Verdict(reply, null);
  }

  public static Verdict ambiguous(@Nullable String code, String message) {
    return of(new Reply.Ambiguous(Told.of(code, message)));
  }

  /** Counted out: nothing is called before {@code at}, or for a second if the venue named none. */
  public static Verdict rateLimited(@Nullable Instant at, Instant now, Told told) {
    Instant until = at == null ? now.plus(UNNAMED) : at;
    return new Verdict(
        new Reply.RetryLater(at, null, told),
        new Pause(until, Pause.Cause.RATE_LIMITED, "rate limit of the venue"));
  }

  /** Locked out: a call before {@code at} would make it worse. */
  public static Verdict lockedOut(Instant at, @Nullable String continuation, Told told) {
    String text = told.message() == null ? "locked out by the venue" : told.message();
    return new Verdict(
        new Reply.RetryLater(at, continuation, told), new Pause(at, Pause.Cause.LOCKED_OUT, text));
  }

  /**
   * What a status means whatever the body says: 401 and 403 Unauthorized, 429 a pause; all else,
   * 5xx and redirects included, may have been handled or not. A Retry-After is heeded either way.
   */
  public static Verdict byStatus(HttpReply reply) {
    Told told = Told.of(reply.code(), Texts.describe(reply));
    return switch (reply.status()) {
      case 401, 403 -> of(new Reply.Unauthorized(told));
      case 429 -> rateLimited(RetryAfter.of(reply), reply.at(), told);
      default -> {
        Instant at = reply.header("retry-after") == null ? null : RetryAfter.of(reply);
        yield new Verdict(
            new Reply.Ambiguous(told),
            at == null
                ? null
                : new Pause(at, Pause.Cause.RATE_LIMITED, "Retry-After of the venue"));
      }
    };
  }
}
