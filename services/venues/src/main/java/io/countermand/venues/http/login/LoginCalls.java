package io.countermand.venues.http.login;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.venues.Secret;
import io.countermand.venues.http.login.LoginDialect.Grant;
import io.countermand.venues.http.login.LoginDialect.Kind;
import io.countermand.venues.http.login.LoginDialect.Step;
import io.countermand.venues.http.login.LoginDialect.Tokens;
import io.countermand.venues.http.transport.Exchange;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.HttpTransport;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.VenueGovernor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes token requests, never inside a pause, never more than allowed. One at a time. */
final class LoginCalls {

  private static final Logger log = LoggerFactory.getLogger(LoginCalls.class);

  /** Names of what a venue issues. Not its penalty ticket: that is sent again, see there. */
  private static final Pattern ISSUED = Pattern.compile("(?i)token|secret|session");

  /** Shorter ones are words, such as the type of a token. */
  private static final int LEAST = 16;

  /** Of one answer: no more than are remembered. */
  private static final int MOST_ISSUED = 6;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration IMPATIENT = Duration.ofSeconds(2);

  private final LoginDialect dialect;
  private final HttpTransport transport;
  private final Scrubber scrubber;
  private final VenueGovernor governor;
  private final Clock clock;
  private final TokenQuota logins;
  private final TokenQuota renewals;

  LoginCalls(
      LoginDialect dialect,
      HttpTransport transport,
      Scrubber scrubber,
      VenueGovernor governor,
      Clock clock) {
    this.dialect = dialect;
    this.scrubber = scrubber;
    this.transport = transport;
    this.governor = governor;
    this.clock = clock;
    LoginDialect.Limits limits = dialect.limits();
    this.logins = new TokenQuota(limits.logins(), limits.window());
    this.renewals = new TokenQuota(limits.renewals(), limits.window());
  }

  /**
   * Never throws. Serialised by the caller.
   *
   * @param usable whether the current token is still taken
   * @param loginFrom until then a renewal that failed, but was not refused, is worth another try
   */
  Grant request(
      @Nullable Tokens current, boolean usable, Instant loginFrom, @Nullable String continuation) {
    try {
      Grant grant = new Grant.Unclear("the adapter knows no way to a token");
      for (Step step : dialect.steps(current, usable, continuation)) {
        boolean early = clock.instant().isBefore(loginFrom) && !(grant instanceof Grant.Refused);
        if (step.kind() == Kind.LOGIN && usable && current != null && early) {
          return grant;
        }
        grant = one(step, usable);
        if (grant instanceof Grant.Granted) {
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

  /** See {@link TokenQuota#spread}. */
  synchronized Duration spread(int failures) {
    return logins.spread(failures);
  }

  private synchronized Grant one(Step step, boolean usable) {
    Optional<Pause> pause = governor.paused();
    if (pause.isPresent()) {
      return new Grant.Later(pause.get().until(), null, "venue paused: " + pause.get().text());
    }
    Instant now = clock.instant();
    boolean login = step.kind() == Kind.LOGIN;
    TokenQuota quota = login ? logins : renewals;
    Instant next = quota.next(now);
    if (next.isAfter(now)) {
      return new Grant.Later(
          next, null, "all " + (login ? "logins" : "renewals") + " of the hour are used up");
    }
    quota.count(now);
    String what = login ? "login: " : "token renewal: ";
    // Nobody waits for a renewal while the token is taken; else the login is what helps.
    Duration timeout = login || usable ? TIMEOUT : IMPATIENT;
    return switch (transport.send(step.call(), step.bearer(), timeout)) {
      case Exchange.NotConnected(String why) -> {
        quota.uncount();
        yield new Grant.Unclear(what + why);
      }
      case Exchange.Broken(String why) -> new Grant.Unclear(what + why);
      case Exchange.Complete(HttpReply reply) -> {
        issued(reply.json(), MOST_ISSUED);
        yield closing(scrubbed(dialect.read(reply)));
      }
    };
  }

  /**
   * Learns all that a venue calls a token, a secret or a session, also what we have no use for,
   * such as a token for market data: it may be echoed later.
   *
   * @return how many more may be learned
   */
  private int issued(JsonNode node, int most) {
    int left = most;
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String value = Json.text(field.getValue());
        if (left > 0
            && value != null
            && value.length() >= LEAST
            && Json.time(field.getValue()) == null
            && ISSUED.matcher(field.getKey()).find()) {
          scrubber.learn(Secret.of(value));
          left--;
        }
      }
    }
    for (JsonNode child : node) {
      left = left > 0 && child.isContainerNode() ? issued(child, left) : left;
    }
    return left;
  }

  private Grant scrubbed(Grant grant) {
    return switch (grant) {
      case Grant.Granted g -> g;
      case Grant.Refused(String why) -> new Grant.Refused(scrubber.line(why));
      case Grant.Later(Instant at, String ticket, String why) ->
          new Grant.Later(at, ticket, scrubber.line(why));
      case Grant.Unclear(String why) -> new Grant.Unclear(scrubber.line(why));
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
