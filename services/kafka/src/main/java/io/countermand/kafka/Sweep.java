package io.countermand.kafka;

import java.time.Duration;

/**
 * How fast to go through a store, slice by slice, for what may be forgotten. As slowly as will do:
 * reading a store round and round was a third of what a role allocates, and Kafka Streams commits a
 * task each time it is called.
 */
public final class Sweep {

  /**
   * A round lasts this part of the time that things are kept for, so they are kept hardly longer.
   */
  private static final int ROUNDS = 10;

  private static final Duration LEAST = Duration.ofMillis(200);
  private static final Duration MOST = Duration.ofSeconds(30);

  private Sweep() {}

  /**
   * The pause after a slice; never more than 30 s, and less than 200 ms only if things are kept for
   * less than two seconds.
   *
   * @param entries about how many there are
   * @param slice how many are looked at at once, at least 1
   * @param keep how long things are kept at the least
   */
  public static Duration pause(long entries, int slice, Duration keep) {
    Duration round = keep.dividedBy(ROUNDS);
    Duration even = round.dividedBy(entries / slice + 1);
    return min(max(even, min(LEAST, round)), MOST);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
