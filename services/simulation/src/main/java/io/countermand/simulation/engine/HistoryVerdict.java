package io.countermand.simulation.engine;

import java.util.List;

/**
 * What came of one history.
 *
 * @param broken promises seen broken, in words; each begins with the promise's number
 * @param choices every choice made, enough to run the same history again
 * @param story what happened, line by line; empty unless asked for
 * @param intents published
 * @param outcomes committed
 */
public record HistoryVerdict(
    long seed,
    List<String> broken,
    Choices choices,
    List<String> story,
    int intents,
    int outcomes) {

  public boolean kept() {
    return broken.isEmpty();
  }

  /** Number of the first broken promise; 0: none. */
  public int promise() {
    return broken.isEmpty() ? 0 : broken.getFirst().charAt(0) - '0';
  }

  /** The story and what it broke, for people. */
  public String report() {
    return "seed "
        + seed
        + " breaks:\n  "
        + String.join("\n  ", broken)
        + "\n"
        + String.join("\n", story);
  }
}
