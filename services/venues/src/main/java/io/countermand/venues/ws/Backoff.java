package io.countermand.venues.ws;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before attempt n: doubling from {@code first} to {@code most}, half of it
 * random.
 */
public record Backoff(Duration first, Duration most) {

  public static final Backoff USUAL = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(15));

  /**
   * @param failures in a row so far, from 1
   */
  public Duration after(int failures, RandomGenerator random) {
    long doubled = first.toNanos() << Math.min(Math.max(failures - 1, 0), 20);
    long whole = Math.min(doubled, most.toNanos());
    return Duration.ofNanos(whole / 2 + random.nextLong(whole / 2 + 1));
  }
}
