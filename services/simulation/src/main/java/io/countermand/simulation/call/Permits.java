package io.countermand.simulation.call;

import io.countermand.simulation.engine.Choices;

/**
 * What a desk may ask of the venue at once.
 *
 * @param concurrency calls under way
 * @param every least time between the starts of two calls, ms; 0: no rate
 * @param mostWaiting calls that may wait; further intents are refused
 */
public record Permits(int concurrency, long every, int mostWaiting) {

  private static final int PLENTY = 1000;

  public boolean scarce() {
    return concurrency < PLENTY || every > 0;
  }

  public static Permits of(Choices choices) {
    if (!choices.chance(350)) {
      return new Permits(PLENTY, 0, PLENTY);
    }
    return new Permits(
        choices.chance(700) ? 1 + choices.pick(2) : PLENTY,
        choices.chance(500) ? choices.between(100, 900) : 0,
        choices.chance(400) ? 1 + choices.pick(2) : PLENTY);
  }
}
