package io.countermand.domain.decision;

/**
 * What a decision saw of its venue's queue: cancels that wait for the venue's rate, its pause or a
 * free connection. Those of mass cancels and all others are counted apart, each with a bound of
 * their own ({@link LaneQueue#view}).
 *
 * @param waiting so many wait
 * @param bound so many may wait; further ones are refused
 */
public record QueueView(int waiting, int bound) {

  /** Nothing waits, and there is room. */
  public static final QueueView EMPTY = new QueueView(0, Integer.MAX_VALUE);

  /** Whether a further one is refused. */
  public boolean full() {
    return waiting >= bound;
  }
}
