package io.countermand.venues.http;

import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CallResult;
import io.countermand.venues.Secret;
import io.countermand.venues.http.CredentialCheck.Finding;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.classification.HttpReading;
import io.countermand.venues.http.classification.PauseRules;
import io.countermand.venues.http.login.CallPermission;
import io.countermand.venues.http.login.TokenSource;
import io.countermand.venues.http.transport.Exchange;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.HttpTransport;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.http.transport.Texts;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.VenueGovernor;
import io.countermand.venues.secrets.RedactedFailure;
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
 * One call in its order: pause, token, exchange, verdict. A refusal may be of this request alone:
 *
 * <pre>
 * 401, token never taken before ──────────────> new token, once more ─> 401 or 403 ─> probe
 * 401, 403 with a token that was taken ─> probe ─ refused ─┘                           │ refused
 *                                          │ not refused                               v
 *                                          └─> the answer as it is, no pause         pause
 * </pre>
 *
 * Only a probe that is refused with the same token pauses the venue, where a probe can tell; one
 * that carries no credential pauses nothing. Thread-safe.
 */
final class CallSequence {

  private static final Logger log = LoggerFactory.getLogger(CallSequence.class);

  private final HttpTransport transport;
  private final TokenSource tokens;
  private final VenueGovernor governor;
  private final Scrubber scrubber;
  private final Clock clock;
  private final CredentialCheck credential;
  private final BiFunction<HttpCall, String, String> show;

  CallSequence(
      HttpTransport transport,
      TokenSource tokens,
      VenueGovernor governor,
      Scrubber scrubber,
      Clock clock,
      CredentialCheck credential,
      BiFunction<HttpCall, String, String> show) {
    this.transport = transport;
    this.tokens = tokens;
    this.governor = governor;
    this.scrubber = scrubber;
    this.clock = clock;
    this.credential = credential;
    this.show = show;
  }

  /** How a call ended; {@code doubt}: the venue may mean the credential. */
  private record Sent(CallResult answer, boolean doubt, long at) {}

  CallResult run(HttpCall call, Function<HttpReply, Classified> read, Duration timeout) {
    return run(call, read, timeout, false);
  }

  /** A call that itself shows whether the credential is taken. */
  CallResult probe(HttpCall call, Function<HttpReply, Classified> read, Duration timeout) {
    return run(call, read, timeout, true);
  }

  /** A call that can be done without: what it is answered pauses nothing, and nothing follows. */
  CallResult aside(HttpCall call, Function<HttpReply, Classified> read, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    return switch (access(timeout)) {
      case CallPermission.Granted(Secret token) ->
          send(call, token, read, left(end), false).answer();
      case CallPermission.Denied(Reply reply) -> CallResult.local(reply, clock.instant());
    };
  }

  /** A call that no token is asked for; what is refused is the call without one. */
  CallResult withoutToken(HttpCall call, Function<HttpReply, Classified> read, Duration timeout) {
    Optional<Pause> pause = governor.paused();
    return pause.isPresent()
        ? CallResult.local(PauseRules.reply(pause.get()), clock.instant())
        : send(call, null, read, timeout, true).answer();
  }

  private CallResult run(
      HttpCall call, Function<HttpReply, Classified> read, Duration timeout, boolean probes) {
    long end = System.nanoTime() + timeout.toNanos();
    CallPermission access = access(timeout);
    if (access instanceof CallPermission.Denied denied) {
      return CallResult.local(denied.reply(), clock.instant());
    }
    Secret token = ((CallPermission.Granted) access).token();
    Sent first = send(call, token, read, left(end), true);
    if (!first.doubt()) {
      return first.answer();
    }
    boolean said = first.answer().reply() instanceof Reply.Unauthorized;
    Finding found = Finding.UNKNOWN;
    if (!probes && !tokens.replaced(token) && (!said || credential.wasTaken(token))) {
      found = credential.ask(token, first.at(), left(end));
      if (found == Finding.TAKEN || (!said && found == Finding.UNKNOWN)) {
        return first.answer();
      }
    }
    if (!tokens.rejected(token)) {
      return judged(first, token, found, probes, end);
    }
    return switch (access(left(end))) {
      case CallPermission.Granted(Secret renewed) -> {
        Sent second = send(call, renewed, read, left(end), true);
        yield again(
            first.answer(),
            second.doubt()
                ? judged(second, renewed, Finding.UNKNOWN, probes, end)
                : second.answer());
      }
      case CallPermission.Denied denied ->
          again(first.answer(), CallResult.local(denied.reply(), clock.instant()));
    };
  }

  /** No other token is to be had: pauses the venue if it refuses this one for whatever call. */
  private CallResult judged(
      Sent refused, @Nullable Secret token, Finding known, boolean probes, long end) {
    CallResult answer = refused.answer();
    boolean said = answer.reply() instanceof Reply.Unauthorized;
    boolean itself = probes || !credential.tells();
    boolean carried = !probes || credential.tells();
    Finding found =
        itself
            ? (said && carried ? Finding.REFUSED : Finding.UNKNOWN)
            : known == Finding.UNKNOWN ? credential.ask(token, refused.at(), left(end)) : known;
    if (found != Finding.REFUSED || tokens.replaced(token)) {
      return answer;
    }
    Reply.Unauthorized reply = new Reply.Unauthorized(answer.reply().told());
    PauseRules.close(governor, Classified.of(reply), scrubber, clock);
    return new CallResult(
        reply,
        answer.sent(),
        answer.sentAt(),
        answer.repliedAt(),
        answer.request(),
        answer.response());
  }

  /** The first call reached the venue and was not handled: what follows cannot unsay that. */
  private CallResult again(CallResult refused, CallResult second) {
    return switch (second.reply()) {
      case Reply.Unauthorized r -> second.sent() ? second : refused;
      case Reply.NotSent r ->
          new CallResult(
              new Reply.RetryLater(null, null, r.told()),
              true,
              refused.sentAt(),
              second.repliedAt(),
              refused.request(),
              refused.response());
      case Reply.RetryLater r when !second.sent() ->
          new CallResult(
              r, true, refused.sentAt(), second.repliedAt(), refused.request(), refused.response());
      default -> second;
    };
  }

  private CallPermission access(Duration timeout) {
    tokens.start();
    Optional<Pause> pause = governor.paused();
    if (pause.isPresent()) {
      return new CallPermission.Denied(PauseRules.reply(pause.get()));
    }
    CallPermission access = tokens.access(timeout);
    if (access instanceof CallPermission.Denied(Reply reply)) {
      return new CallPermission.Denied(scrubber.scrub(reply));
    }
    // Waiting for a token takes time; what was learned meanwhile counts.
    Optional<Pause> meanwhile = governor.paused();
    return meanwhile.isPresent()
        ? new CallPermission.Denied(PauseRules.reply(meanwhile.get()))
        : access;
  }

  private Sent send(
      HttpCall call,
      @Nullable Secret token,
      Function<HttpReply, Classified> read,
      Duration timeout,
      boolean pauses) {
    long at = System.nanoTime();
    if (timeout.toNanos() <= 1) {
      return local("no time left after waiting for a token", at);
    }
    String request = scrubber.excerpt(show.apply(call, transport.url(call)));
    Instant sentAt = clock.instant();
    return switch (transport.send(call, token, timeout)) {
      case Exchange.NotConnected(String why) -> local(why, at);
      case Exchange.Broken(String why) -> {
        Reply broken = new Reply.Ambiguous(ReplyDetails.of(null, why));
        yield new Sent(
            new CallResult(broken, true, sentAt, clock.instant(), request, null), false, at);
      }
      case Exchange.Complete(HttpReply reply) -> {
        Classified verdict = HttpReading.of(reply, read, e -> cannotRead(reply, e));
        if (pauses && verdict.pause() != null) {
          PauseRules.close(governor, verdict, scrubber, clock);
        }
        boolean doubt = verdict.reply() instanceof Reply.Unauthorized || reply.status() == 403;
        if (token != null && !doubt && reply.status() < 500) {
          credential.taken(token);
        }
        String response = scrubber.excerpt(Texts.describe(reply));
        yield new Sent(
            new CallResult(
                scrubber.scrub(verdict.reply()), true, sentAt, reply.at(), request, response),
            doubt,
            at);
      }
    };
  }

  private Sent local(String why, long at) {
    Reply reply = new Reply.NotSent(Reason.VENUE_UNAVAILABLE, ReplyDetails.of(null, why));
    return new Sent(CallResult.local(reply, clock.instant()), false, at);
  }

  private void cannotRead(HttpReply reply, RuntimeException e) {
    log.atError()
        .addKeyValue("venue", governor.name())
        .addKeyValue("status", reply.status())
        .setCause(RedactedFailure.of(e))
        .log("adapter cannot read an answer");
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }
}
