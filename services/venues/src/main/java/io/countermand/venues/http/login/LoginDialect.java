package io.countermand.venues.http.login;

import io.countermand.venues.Secret;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a venue issues tokens: pure functions of their arguments. */
public interface LoginDialect {

  /**
   * The calls that may get a token, in order: renewals first. A login is made once a renewal was
   * refused, or has failed in any other way and the token is near its end.
   *
   * @param current what was issued last; null at first
   * @param usable whether its access token is still taken
   * @param continuation what the venue wants to see again after a penalty
   */
  List<Step> steps(@Nullable Tokens current, boolean usable, @Nullable String continuation);

  /** Takes anything a server can send. */
  Grant read(HttpReply reply);

  Limits limits();

  /**
   * What a login costs whoever else uses the credential, for people: continues "that".
   *
   * @see io.countermand.venues.VenueAdapter#loginCost
   */
  default String cost() {
    return "may end the session of a running desk";
  }

  /** Each has a quota of its own. */
  enum Kind {
    LOGIN,
    RENEWAL
  }

  /**
   * @param bearer sent with the call; null: none
   */
  record Step(Kind kind, HttpCall call, @Nullable Secret bearer) {}

  /**
   * What the venue issued.
   *
   * @param refresh null: only a login gives the next token
   * @param expiresAt by our clock, see {@link TokenExpiry}; null: unknown
   */
  record Tokens(Secret access, @Nullable Secret refresh, @Nullable Instant expiresAt) {}

  /**
   * @param renewBefore renew so long before expiry
   * @param logins allowed in any {@code window}; renewals do not count
   * @param renewals allowed in any {@code window}
   */
  record Limits(Duration renewBefore, int logins, int renewals, Duration window) {}

  /** What an answer to a token request means. Texts hold no secrets. */
  sealed interface Grant {

    record Granted(Tokens tokens) implements Grant {}

    /** These credentials, or this refresh token, are not taken. */
    record Refused(String why) implements Grant {}

    /**
     * Not handled; no call of any kind before then.
     *
     * @param continuation to be sent again with the next request
     */
    record Later(Instant at, @Nullable String continuation, String why) implements Grant {}

    /** Nobody knows. */
    record Unclear(String why) implements Grant {}
  }
}
