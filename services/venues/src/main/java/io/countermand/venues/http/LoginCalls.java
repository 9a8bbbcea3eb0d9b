package io.countermand.venues.http;

import io.countermand.venues.Secret;
import io.countermand.venues.http.LoginDialect.Grant;
import io.countermand.venues.http.LoginDialect.Step;
import io.countermand.venues.http.LoginDialect.Tokens;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes token requests, never inside a pause, never more than allowed. One at a time. */
final class LoginCalls {

  private static final Logger log = LoggerFactory.getLogger(LoginCalls.class);

  private final LoginDialect dialect;
  private final HttpTransport transport;
  private final VenueGovernor governor;
  private final Clock clock;
  private final Duration timeout;
  private final TokenQuota quota;

  LoginCalls(
      LoginDialect dialect,
      HttpTransport transport,
      VenueGovernor governor,
      Clock clock,
      Duration timeout) {
    this.dialect = dialect;
    this.transport = transport;
    this.governor = governor;
    this.clock = clock;
    this.timeout = timeout;
    this.quota = new TokenQuota(dialect.limits().requests(), dialect.limits().window());
  }

  /** Never throws. Serialised by the caller. */
  Grant request(@Nullable Tokens current, boolean usable, @Nullable String continuation) {
    try {
      Grant grant = new Grant.Unclear("the adapter knows no way to a token");
      for (Step step : dialect.steps(current, usable, continuation)) {
        grant = one(step);
        if (!(grant instanceof Grant.Refused)) {
          return grant;
        }
      }
      return grant;
    } catch (RuntimeException e) {
      // The message may quote what was sent.
      log.atError()
          .addKeyValue("venue", governor.name())
          .addKeyValue("error", e.getClass().getName())
          .log("token request failed");
      return new Grant.Unclear("the adapter failed to request a token");
    }
  }

  private synchronized Grant one(Step step) {
    Optional<Pause> pause = governor.paused();
    if (pause.isPresent()) {
      return new Grant.Later(pause.get().until(), null, "venue paused: " + pause.get().text());
    }
    Instant now = clock.instant();
    Instant next = quota.next(now);
    if (next.isAfter(now)) {
      return new Grant.Later(next, null, "all token requests of the hour are used up");
    }
    quota.count(now);
    return switch (transport.send(step.call(), step.bearer(), timeout)) {
      case Exchange.NotConnected(String why) -> new Grant.Unclear("token request: " + why);
      case Exchange.Broken(String why) -> new Grant.Unclear("token request: " + why);
      case Exchange.Complete(HttpReply reply) -> closing(dialect.read(reply));
    };
  }

  private static boolean fitsHeader(Secret token) {
    return !token.reveal().isEmpty() && token.reveal().chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  /** Only what the venue itself said closes the venue; our own quota stops logins only. */
  private Grant closing(Grant grant) {
    if (grant instanceof Grant.Granted granted && !fitsHeader(granted.tokens().access())) {
      return new Grant.Unclear("token request: a token that no header can carry");
    }
    if (grant instanceof Grant.Later later) {
      governor.pause(new Pause(later.at(), Pause.Cause.LOCKED_OUT, later.why()));
    }
    return grant;
  }
}
