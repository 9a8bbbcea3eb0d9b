package io.countermand.kafka.deadletter;

/**
 * How often a stream thread may wait for somebody: for a hundredth of its time, since others'
 * records are behind it. What it did not use is kept, up to {@link #MOST}: the first records after
 * a start bring several things to wait for at once.
 */
final class WaitBudget {

  private static final int SHARE = 100;

  /** Nanoseconds. */
  static final long MOST = 1_000_000_000L;

  private long left = MOST;
  private long seen;
  private boolean any;

  boolean mayWait(long nanos) {
    pass(nanos);
    return left > 0;
  }

  void waited(long start, long end) {
    pass(end);
    left -= end - start;
  }

  private void pass(long nanos) {
    if (any) {
      left = Math.min(MOST, left + (nanos - seen) / SHARE);
    }
    any = true;
    seen = nanos;
  }
}
