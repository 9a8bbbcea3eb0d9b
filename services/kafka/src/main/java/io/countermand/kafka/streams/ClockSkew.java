package io.countermand.kafka.streams;

import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the broker's clock is from ours, as far as appends prove it. What the broker stamps with
 * {@code appended} between our {@code before} and {@code after} it stamped at a moment that our
 * clock shows between these two, so its clock is ahead by something in [appended - after, appended
 * - before]. Thread-safe.
 */
public final class ClockSkew {

  /** So long an append tells something; clocks drift and are set right. */
  private static final int SECONDS = 60;

  /** The broker's stamps are cut to whole milliseconds. */
  private static final Duration STAMP = Duration.ofMillis(1);

  /** Ahead by something from least to most; of the second that ended it. */
  private record Span(long second, Duration least, Duration most) {
    Duration width() {
      return most.minus(least);
    }
  }

  /** The narrowest of each second, by its place in the minute. */
  private final @Nullable Span[] narrowest = new @Nullable Span[SECONDS];

  /**
   * @param before our time before the record was sent
   * @param appended the broker's time in the record
   * @param after our time when we knew of it
   */
  public synchronized void appended(Instant before, Instant appended, Instant after) {
    if (after.isBefore(before)) {
      return; // our clock was set meanwhile
    }
    var span =
        new Span(
            after.getEpochSecond(),
            Duration.between(after, appended),
            Duration.between(before, appended.plus(STAMP)));
    int place = place(span.second());
    Span there = narrowest[place];
    if (there == null || there.second() != span.second() || narrower(span, there)) {
      narrowest[place] = span;
    }
  }

  /**
   * What is certain, by the narrowest append of the last minute: how far the broker's clock is
   * ahead of ours at least, negative if it is behind; zero if they may agree.
   *
   * @return null: nothing was appended in that time
   */
  public synchronized @Nullable Duration certain(Instant now) {
    long second = now.getEpochSecond();
    Span best = null;
    for (Span span : narrowest) {
      if (span == null || span.second() <= second - SECONDS || span.second() > second) {
        continue; // also of before our clock was set back
      }
      if (best == null || narrower(span, best)) {
        best = span;
      }
    }
    if (best == null) {
      return null;
    }
    return best.least().isPositive()
        ? best.least()
        : best.most().isNegative() ? best.most() : Duration.ZERO;
  }

  /** {@code countermand_clock_skew_seconds}. */
  public void show(RoleMeters meters, String role) {
    meters.gauge(
        "countermand.clock.skew.seconds",
        "How far the broker's clock is ahead at least; no number: nothing appended for a minute",
        Tags.of("role", role),
        () -> {
          Duration certain = certain(Instant.now());
          return certain == null ? Double.NaN : certain.toNanos() / 1e9;
        });
  }

  private static boolean narrower(Span one, Span other) {
    return one.width().compareTo(other.width()) < 0;
  }

  private static int place(long second) {
    return Math.floorMod(second, SECONDS);
  }
}
