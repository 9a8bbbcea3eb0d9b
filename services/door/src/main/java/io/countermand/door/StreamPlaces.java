package io.countermand.door;

import java.util.HashMap;
import java.util.Map;

/** How many streams may be open, in all and of one caller. Thread-safe. */
final class StreamPlaces {

  private final int most;
  private final int mostOfOne;
  private final Map<String, Integer> taken = new HashMap<>();
  private int open;

  /**
   * @param most at once; one caller may have a quarter of them, or one if that is less
   */
  StreamPlaces(int most) {
    this.most = most;
    this.mostOfOne = Math.max(1, most / 4);
  }

  /**
   * @throws ProblemResponse 503 if as many are open as may be, 429 if as many of this caller's;
   *     then nothing was taken
   */
  synchronized void take(Caller caller) {
    if (open >= most) {
      throw new ProblemResponse(
          503, "TOO_MANY_STREAMS", "as many streams are open as may be; try again later");
    }
    int own = taken.getOrDefault(caller.key(), 0);
    if (own >= mostOfOne) {
      throw new ProblemResponse(
          429,
          "TOO_MANY_STREAMS_OF_CALLER",
          caller.name()
              + " may have "
              + mostOfOne
              + " streams open at once; close one, or try again in 10 s: the door notices some"
              + " seconds later that one was left");
    }
    taken.put(caller.key(), own + 1);
    open++;
  }

  /** Once for each that was taken. */
  synchronized void giveBack(Caller caller) {
    int left = taken.getOrDefault(caller.key(), 0) - 1;
    if (left > 0) {
      taken.put(caller.key(), left);
    } else {
      taken.remove(caller.key());
    }
    open--;
  }
}
