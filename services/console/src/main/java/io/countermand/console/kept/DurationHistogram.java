package io.countermand.console.kept;

import java.time.Duration;

/** Durations from 0.1 ms to a day, each within 9 % of what it was. Not thread-safe. */
public final class DurationHistogram {

  private static final int PER_OCTAVE = 8;
  private static final double LEAST_MICROS = 100;

  private final int[] counts = new int[31 * PER_OCTAVE];
  private long count;

  /** Clocks of two machines may differ: what would be negative counts as nothing. */
  public void add(Duration duration) {
    double micros = Math.max(LEAST_MICROS, duration.toNanos() / 1e3);
    int at = (int) (Math.log(micros / LEAST_MICROS) / Math.log(2) * PER_OCTAVE);
    counts[Math.min(at, counts.length - 1)]++;
    count++;
  }

  void add(DurationHistogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
  }

  long count() {
    return count;
  }

  /**
   * @return milliseconds; NaN: there are none
   */
  public double percentile(double p) {
    long rank = (long) Math.ceil(count * p / 100);
    long seen = 0;
    for (int i = 0; i < counts.length && count > 0; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return LEAST_MICROS * Math.pow(2, (i + 0.5) / PER_OCTAVE) / 1e3;
      }
    }
    return Double.NaN;
  }
}
