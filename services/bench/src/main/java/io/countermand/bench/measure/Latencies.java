package io.countermand.bench.measure;

import java.util.Arrays;

/** Milliseconds, exact: of all samples, none grouped. */
public record Latencies(double p50, double p90, double p99, double p999, double max) {

  /**
   * @param micros one per sample; all zeros if there is none
   */
  public static Latencies of(long[] micros) {
    long[] sorted = micros.clone();
    Arrays.sort(sorted);
    return new Latencies(
        at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
  }

  /** The smallest sample that at least this part of all does not exceed. */
  private static double at(long[] sorted, double part) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(part * sorted.length);
    return sorted[Math.max(1, rank) - 1] / 1000.0;
  }
}
