package io.countermand.venues.http.login;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** At most so many requests in any window. Guarded by its owner's lock. */
final class TokenQuota {

  private final int most;
  private final Duration window;
  private final Deque<Instant> made = new ArrayDeque<>();

  TokenQuota(int most, Duration window) {
    this.most = most;
    this.window = window;
  }

  /** The earliest time for the next request; not after {@code now}: at once. */
  Instant next(Instant now) {
    return made.size() < most ? now : made.getFirst().plus(window);
  }

  void count(Instant now) {
    made.addLast(now);
    while (made.size() > most) {
      made.removeFirst();
    }
  }

  /** The last one never left this machine. */
  void uncount() {
    made.pollLast();
  }

  /**
   * How long to wait after so many failures in a row, beginning with one, lest the quota is gone
   * with the first minute of an outage: the fewer are left, the longer.
   */
  Duration spread(int failures) {
    int left = Math.clamp(most - failures + 1L, 0, 15);
    return window.dividedBy(1L << (2 * left));
  }
}
