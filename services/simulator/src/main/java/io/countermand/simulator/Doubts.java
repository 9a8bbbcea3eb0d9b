package io.countermand.simulator;

import java.util.SplittableRandom;

/**
 * How a venue behaves where neither its documents nor its code say: one plausible way for a run, so
 * that no adapter is right by the simulator's habits. Drawn from a seed and the instance's name.
 *
 * @param errorInData a WebSocket's error stands inside {@code data}, else at the top
 * @param bare401 CrossTrade and Tradovate answer a refused token without a body, else in words
 * @param emptyListIs404 Cadenza's list for an order that is not there, else an empty list
 * @param negativeErrno the sign of those of Cadenza's error numbers that no example shows
 * @param canceledAtWithOneL how Cadenza's answer spells {@code cancelledAt}
 * @param tokenInData where NeuraTrade's login has its token
 * @param positionsAtTop NeuraTrade's {@code data} is the list, else an object that has it
 * @param hookStatus of a webhook that was taken
 * @param reasonAlways Tradovate says {@code Success} each time, else every other time
 */
public record Doubts(
    boolean errorInData,
    boolean bare401,
    boolean emptyListIs404,
    boolean negativeErrno,
    boolean canceledAtWithOneL,
    boolean tokenInData,
    boolean positionsAtTop,
    int hookStatus,
    boolean reasonAlways) {

  /** Nearest to the documents' examples. */
  public static final Doubts PLAIN =
      new Doubts(false, false, false, false, false, false, false, 200, false);

  static Doubts draw(long seed, String instance) {
    var random = new SplittableRandom(seed * 31 + instance.hashCode());
    return new Doubts(
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean() ? 200 : 202,
        random.nextBoolean());
  }
}
