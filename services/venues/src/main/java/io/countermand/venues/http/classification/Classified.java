package io.countermand.venues.http.classification;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Texts;
import io.countermand.venues.limits.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an answer means, and whether it closes the venue for a while.
 *
 * @param pause null: other calls may go on
 */
public record Classified(Reply reply, @Nullable Pause pause) {

  /** Where a venue counts calls but names no time. */
  private static final Duration UNNAMED = Duration.ofSeconds(1);

  private static final Pattern UNSURE =
      Pattern.compile(
          "(?i)time[- ]?d?[- ]?out|no (answer|response|confirmation)|not connected|disconnected"
              + "|offline|unavailable|internal|in progress|pending|try again|unknown error");

  public static Classified of(Reply reply) {
    return new Classified(reply, null);
  }

  public static Classified ambiguous(@Nullable String code, String message) {
    return of(new Reply.Ambiguous(ReplyDetails.of(code, message)));
  }

  /** Counted out: nothing is called before {@code at}, or for a second if the venue named none. */
  public static Classified rateLimited(@Nullable Instant at, Instant now, ReplyDetails told) {
    Instant until = at == null ? now.plus(UNNAMED) : at;
    return new Classified(
        new Reply.RetryLater(at, null, told),
        new Pause(until, Pause.Cause.RATE_LIMITED, "rate limit of the venue"));
  }

  /** Locked out: a call before {@code at} would make it worse. */
  public static Classified lockedOut(Instant at, @Nullable String continuation, ReplyDetails told) {
    String text = told.message() == null ? "locked out by the venue" : told.message();
    return new Classified(
        new Reply.RetryLater(at, continuation, told), new Pause(at, Pause.Cause.LOCKED_OUT, text));
  }

  /**
   * A 4xx in the venue's own words that no table knows: this request was not taken. But for words
   * that tell of a time-out and the like behind the venue, which 408 does, too.
   */
  public static Classified refusal(HttpReply reply, ReplyDetails told) {
    boolean refused =
        switch (reply.status()) {
          case 401, 408, 425, 429 -> false;
          default -> reply.status() / 100 == 4;
        };
    if (!refused) {
      return byStatus(reply);
    }
    String words = told.message() == null ? "" : told.message();
    return of(
        UNSURE.matcher(words).find()
            ? new Reply.Ambiguous(told)
            : new Reply.Refused(Reason.VENUE_REFUSED, told));
  }

  /** {@link #byStatus} of a call that names no order nor account: a 403 is about who asks, too. */
  public static Classified ofCredential(HttpReply reply) {
    return reply.status() == 403
        ? of(new Reply.Unauthorized(ReplyDetails.of(reply.code(), Texts.describe(reply))))
        : byStatus(reply);
  }

  /**
   * What a status means whatever the body says: 401 Unauthorized, 429 a pause; all else, 5xx and
   * redirects included, may have been handled or not. So may a 403: web firewalls say it of one
   * request, or of an answer. A Retry-After is heeded either way.
   */
  public static Classified byStatus(HttpReply reply) {
    ReplyDetails told = ReplyDetails.of(reply.code(), Texts.describe(reply));
    return switch (reply.status()) {
      case 401 -> of(new Reply.Unauthorized(told));
      case 429 -> rateLimited(RetryAfter.of(reply), reply.at(), told);
      default -> {
        Instant at = reply.header("retry-after") == null ? null : RetryAfter.of(reply);
        yield new Classified(
            new Reply.Ambiguous(told),
            at == null
                ? null
                : new Pause(at, Pause.Cause.RATE_LIMITED, "Retry-After of the venue"));
      }
    };
  }
}
