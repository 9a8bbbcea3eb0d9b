package io.countermand.simulator.options;

import java.time.Duration;

/**
 * A token bucket per credential.
 *
 * @param burst requests that may come at once
 * @param requests and per: the bucket's refill
 * @param lockOut how long a refused credential stays locked out; a request meanwhile starts the
 *     time anew; zero for no lock-out
 */
public record SimulatedLimits(int burst, int requests, Duration per, Duration lockOut) {

  public static final SimulatedLimits NONE =
      new SimulatedLimits(
          Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofSeconds(1), Duration.ZERO);

  /** The venue's own. */
  public static SimulatedLimits of(VenueKind kind) {
    return switch (kind) {
      case CROSSTRADE, CROSSTRADE_WS, CROSSTRADE_WEBHOOK ->
          new SimulatedLimits(20, 3, Duration.ofSeconds(1), Duration.ZERO);
      case CADENZA -> NONE;
      case NEURATRADE -> new SimulatedLimits(100, 100, Duration.ofMinutes(1), Duration.ZERO);
      case TRADOVATE -> new SimulatedLimits(5_000, 5_000, Duration.ofHours(1), Duration.ofHours(1));
    };
  }

  /** Off, but a lock-out that is scripted lasts as long as the venue's own. */
  static SimulatedLimits off(VenueKind kind) {
    return new SimulatedLimits(NONE.burst, NONE.requests, NONE.per, of(kind).lockOut);
  }

  public boolean none() {
    return burst == Integer.MAX_VALUE;
  }
}
