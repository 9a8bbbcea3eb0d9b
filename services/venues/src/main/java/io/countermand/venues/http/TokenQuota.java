package io.countermand.venues.http;

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
}
