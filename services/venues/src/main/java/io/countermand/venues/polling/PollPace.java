package io.countermand.venues.polling;

import io.countermand.venues.limits.Rate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * When a feed may make its next call: a small part of the credential's rate, whatever it has to
 * ask. One call each {@code every}, none saved up. Thread-safe.
 */
public final class PollPace {

  /** Of a thousand calls that the rate allows, so many are the feed's: cancels keep 98%. */
  private static final int PER_MILLE = 15;

  private final Duration every;
  private final Clock clock;
  private Instant next = Instant.MIN;

  public PollPace(Duration every, Clock clock) {
    this.every = every;
    this.clock = clock;
  }

  /** The default: 1.5% of the rate. */
  public static Duration every(Rate rate) {
    return rate.period().multipliedBy(1000).dividedBy(rate.permits() * PER_MILLE);
  }

  /** Zero: now. */
  public synchronized Duration untilNext() {
    Duration left = Duration.between(clock.instant(), next);
    return next.equals(Instant.MIN) || left.isNegative() ? Duration.ZERO : left;
  }

  /** A call is made. */
  public synchronized void asked() {
    next = clock.instant().plus(every);
  }
}
