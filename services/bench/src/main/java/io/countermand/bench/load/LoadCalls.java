package io.countermand.bench.load;

/**
 * The cancels that reached the venue during a load, by its own journal.
 *
 * @param seen those of the load's orders
 * @param earlier those of orders of earlier loads that had been called before
 */
public record LoadCalls(ArrivalTimes seen, int earlier) {

  /** All of the load's orders. */
  public int all() {
    return seen.seen() + seen.again();
  }

  /** Beyond one per order. */
  public int doubled() {
    return seen.again() + earlier;
  }

  /**
   * Orders that were never called.
   *
   * @param ours whether terminal orders need no call
   */
  public int lost(Load load, boolean ours) {
    int lost = 0;
    for (int i = 0; i < load.count(); i++) {
      if (!seen.has(i) && !(ours && load.terminal(i))) {
        lost++;
      }
    }
    return lost;
  }

  /** Calls for orders that were known to be terminal. */
  public int needless(Load load) {
    int needless = 0;
    for (int i = 0; i < load.count(); i++) {
      if (seen.has(i) && load.terminal(i)) {
        needless++;
      }
    }
    return needless;
  }
}
