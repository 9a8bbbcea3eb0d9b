package io.countermand.bench.load;

import java.time.Duration;

/**
 * A number of intents, each for an order of its own.
 *
 * @param perSecond evenly spaced; 0: all at once
 * @param terminal percentage of orders that are executed before their cancel is asked for
 * @param venueLatency from request to answer
 */
public record Load(String name, int count, int perSecond, int terminal, Duration venueLatency)
    implements BenchStep {

  private static final Duration STEADY_LATENCY = Duration.ofMillis(5);
  private static final Duration BURST_LATENCY = Duration.ofMillis(50);
  private static final int BURST = 10_000;
  private static final int TERMINAL = 30;

  /**
   * @param name {@code burst}, {@code burst-terminal}, or intents per second
   * @param lasts of a steady load
   */
  public static Load of(String name, Duration lasts) {
    return switch (name) {
      case "burst" -> new Load(name, BURST, 0, 0, BURST_LATENCY);
      case "burst-terminal" -> new Load(name, BURST, 0, TERMINAL, BURST_LATENCY);
      default -> steady(name, lasts);
    };
  }

  private static Load steady(String name, Duration lasts) {
    if (!name.matches("[1-9][0-9]{0,4}")) {
      throw new IllegalArgumentException(
          "no load '"
              + name
              + "': intents per second, burst, burst-terminal, default-rates, orders-N or settled-N");
    }
    int perSecond = Integer.parseInt(name);
    return new Load(
        name, Math.toIntExact(perSecond * lasts.toSeconds()), perSecond, 0, STEADY_LATENCY);
  }

  /** Of which only decisions or calls count, not what a call takes. */
  public static Load decisions(String name, int count, int perSecond) {
    return new Load(name, count, perSecond, 0, Duration.ZERO);
  }

  /** Tells that a variant is up. */
  public static Load probe() {
    return new Load("probe", 1, 0, 0, STEADY_LATENCY);
  }

  /** As much as makes a JVM compile what it will run; the same for all. */
  public static Load warmUp(Duration lasts) {
    return new Load("warm-up", Math.toIntExact(500 * lasts.toSeconds()), 500, 0, STEADY_LATENCY);
  }

  /** The other kind of load has paths of its own. */
  public static Load warmUpBurst(int count) {
    return new Load("warm-up burst", count, 0, 0, STEADY_LATENCY);
  }

  public boolean terminal(int index) {
    return index % 100 < terminal;
  }

  /** When an intent is due, microseconds after the first. */
  public long due(int index) {
    return perSecond == 0 ? 0 : index * 1_000_000L / perSecond;
  }
}
