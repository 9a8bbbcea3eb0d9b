package io.countermand.venues.http;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.Told;
import io.countermand.venues.Answer;
import io.countermand.venues.Secret;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call in its order: pause, token, exchange, verdict; once more with a new token if the venue
 * refused the first. Thread-safe.
 */
final class VenueCalls {

  private static final Logger log = LoggerFactory.getLogger(VenueCalls.class);

  private final HttpTransport transport;
  private final TokenSource tokens;
  private final VenueGovernor governor;
  private final Scrubber scrubber;
  private final Clock clock;
  private final BiFunction<HttpCall, String, String> show;

  VenueCalls(
      HttpTransport transport,
      TokenSource tokens,
      VenueGovernor governor,
      Scrubber scrubber,
      Clock clock,
      BiFunction<HttpCall, String, String> show) {
    this.transport = transport;
    this.tokens = tokens;
    this.governor = governor;
    this.scrubber = scrubber;
    this.clock = clock;
    this.show = show;
  }

  Answer run(HttpCall call, Function<HttpReply, Verdict> read, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    Access first = access(timeout);
    if (first instanceof Access.Denied denied) {
      return Answer.local(denied.reply(), clock.instant());
    }
    Secret token = ((Access.Granted) first).token();
    Answer answer = send(call, token, read, left(end));
    if (!(answer.reply() instanceof Reply.Unauthorized)) {
      return answer;
    }
    if (!tokens.rejected(token)) {
      return unauthorized(answer);
    }
    return switch (access(left(end))) {
      case Access.Granted second -> again(answer, send(call, second.token(), read, left(end)));
      case Access.Denied denied -> again(answer, Answer.local(denied.reply(), clock.instant()));
    };
  }

  /** The first call reached the venue and was not handled: what follows cannot unsay that. */
  private Answer again(Answer refused, Answer second) {
    return switch (second.reply()) {
      case Reply.Unauthorized r -> unauthorized(second.sent() ? second : refused);
      case Reply.NotSent r ->
          new Answer(
              new Reply.RetryLater(null, null, r.told()),
              true,
              refused.sentAt(),
              second.repliedAt(),
              refused.request(),
              refused.response());
      case Reply.RetryLater r when !second.sent() ->
          new Answer(
              r, true, refused.sentAt(), second.repliedAt(), refused.request(), refused.response());
      default -> second;
    };
  }

  private Answer unauthorized(Answer answer) {
    Pauses.close(governor, Verdict.of(answer.reply()), scrubber, clock);
    return answer;
  }

  private Access access(Duration timeout) {
    Optional<Pause> pause = governor.paused();
    if (pause.isPresent()) {
      return new Access.Denied(Pauses.reply(pause.get()));
    }
    Access access = tokens.access(timeout);
    if (access instanceof Access.Denied(Reply reply)) {
      return new Access.Denied(scrubber.scrub(reply));
    }
    // Waiting for a token takes time; what was learned meanwhile counts.
    Optional<Pause> meanwhile = governor.paused();
    return meanwhile.isPresent() ? new Access.Denied(Pauses.reply(meanwhile.get())) : access;
  }

  private Answer send(
      HttpCall call, @Nullable Secret token, Function<HttpReply, Verdict> read, Duration timeout) {
    if (timeout.toNanos() <= 1) {
      return Answer.local(
          new Reply.NotSent(
              Reason.VENUE_UNAVAILABLE, Told.of(null, "no time left after waiting for a token")),
          clock.instant());
    }
    String request = scrubber.excerpt(show.apply(call, transport.url(call)));
    Instant sentAt = clock.instant();
    return switch (transport.send(call, token, timeout)) {
      case Exchange.NotConnected(String why) ->
          Answer.local(
              new Reply.NotSent(Reason.VENUE_UNAVAILABLE, Told.of(null, why)), clock.instant());
      case Exchange.Broken(String why) ->
          new Answer(
              new Reply.Ambiguous(Told.of(null, why)),
              true,
              sentAt,
              clock.instant(),
              request,
              null);
      case Exchange.Complete(HttpReply reply) -> {
        Verdict verdict = judge(read, reply);
        if (verdict.pause() != null) {
          Pauses.close(governor, verdict, scrubber, clock);
        }
        yield new Answer(
            scrubber.scrub(verdict.reply()),
            true,
            sentAt,
            reply.at(),
            request,
            scrubber.excerpt(Texts.describe(reply)));
      }
    };
  }

  private Verdict judge(Function<HttpReply, Verdict> read, HttpReply reply) {
    try {
      return read.apply(reply);
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("venue", governor.name())
          .addKeyValue("status", reply.status())
          .setCause(e)
          .log("adapter cannot read an answer");
      return Verdict.ambiguous(reply.code(), "the adapter failed to read the answer");
    }
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }
}
