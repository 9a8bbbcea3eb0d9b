package io.countermand.venues.limits;

import java.time.Duration;

/**
 * A token bucket: {@code permits} per {@code period} on average, at most {@code burst} at once. A
 * venue that allows n calls in any window of a period needs {@code burst + permits <= n}.
 */
public record Rate(long permits, Duration period, long burst) {

  public Rate {
    if (permits < 1 || burst < 1 || period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("rate, burst and period must be positive");
    }
  }

  public static Rate perSecond(long permits, long burst) {
    return new Rate(permits, Duration.ofSeconds(1), burst);
  }

  /** So many parts of it; what all parts allow together is within this rate. */
  public Rate share(int part, int of) {
    return part == of
        ? this
        : new Rate(permits * part, period.multipliedBy(of), Math.max(1, burst * part / of));
  }
}
