package io.countermand.simulator.venue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The access tokens that a venue gave out, on the venue's clock. Thread-safe. */
final class IssuedTokens {

  enum Check {
    GOOD,
    EXPIRED,
    /** Never given out, or withdrawn. */
    WRONG
  }

  private final InstantSource clock;
  private final Duration life;
  private final int sessions;
  private final Map<String, Instant> expiries = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * @param sessions how many tokens are good at a time; the oldest is withdrawn for a new one
   */
  IssuedTokens(InstantSource clock, Duration life, int sessions) {
    this.clock = clock;
    this.life = life;
    this.sessions = sessions;
  }

  /** Returns when the token expires. */
  synchronized Instant give(String token) {
    var expiry = clock.instant().plus(life);
    expiries.put(token, expiry);
    open.addLast(token);
    if (open.size() > sessions) {
      expiries.remove(open.removeFirst());
    }
    return expiry;
  }

  synchronized void withdraw(String token) {
    expiries.remove(token);
    open.remove(token);
  }

  synchronized Check check(@Nullable String token) {
    var expiry = token == null ? null : expiries.get(token);
    if (expiry == null) {
      return Check.WRONG;
    }
    return clock.instant().isBefore(expiry) ? Check.GOOD : Check.EXPIRED;
  }

  /** From now on all tokens given so far are past their expiry. */
  synchronized void expireAll() {
    expiries.replaceAll((token, expiry) -> Instant.MIN);
  }
}
