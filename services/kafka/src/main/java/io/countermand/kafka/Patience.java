package io.countermand.kafka;

/**
 * How often a stream thread may wait for somebody: for a hundredth of its time. Others' records are
 * behind it.
 */
final class Patience {

  private static final int SHARE = 100;

  private long from = Long.MIN_VALUE;

  boolean mayWait(long nanos) {
    return from == Long.MIN_VALUE || nanos - from >= 0;
  }

  void waited(long start, long end) {
    from = end + (end - start) * SHARE;
  }
}
