package io.countermand.simulator.options;

/**
 * How a venue's order feed behaves; probabilities from 0 to 1.
 *
 * @param delay from the change to the event; the order of the events stays
 * @param drop how often an event never comes
 * @param duplicate how often an event comes twice
 * @param reorder how often an event is overtaken by the next one
 */
public record FeedScript(Latency delay, double drop, double duplicate, double reorder) {

  public static final FeedScript FAITHFUL = new FeedScript(Latency.NONE, 0, 0, 0);

  public static final FeedScript SILENT = new FeedScript(Latency.NONE, 1, 0, 0);

  public boolean faithful() {
    return equals(FAITHFUL);
  }
}
