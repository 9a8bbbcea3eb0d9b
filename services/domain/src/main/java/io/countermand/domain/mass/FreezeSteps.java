package io.countermand.domain.mass;

/**
 * What a desk's task does next with a mass cancel. Begins anew after a crash: each order's cancel
 * is the same one, and the scope the union.
 *
 * <pre>
 * begun, order events unread  -> CANCEL at once what is known, then WAIT
 * order events read           -> CANCEL what they opened
 * the deadline came before,
 *   or it was released         -> late: cancels no more, and says so
 * intents not durable         -> WAIT
 * intents durable             -> TELL the scope: each of its orders has an intent, so an outcome
 * what was told is durable    -> DROP
 * </pre>
 */
public final class FreezeSteps {

  /** What to do. */
  public enum Step {
    /** Look at the table, and write an intent for each order in scope that has none yet. */
    CANCEL,
    /** Tell the scope: the orders that have an intent. */
    TELL,
    /** Forget it. */
    DROP,
    WAIT
  }

  private boolean begun;
  private boolean whole;
  private boolean late;
  private boolean told;

  /**
   * @param over whether it takes no more orders: its deadline has come, or it was released
   * @param read whether all order events were read that were there when the command was read
   * @param durable whether all that was written for it is durable
   */
  public Step next(boolean over, boolean read, boolean durable) {
    if (!begun) {
      begun = true;
      if (!over && !read) {
        return Step.CANCEL;
      }
    }
    if (!whole && over) {
      whole = true;
      late = true;
    } else if (!whole && read) {
      whole = true;
      return Step.CANCEL;
    }
    if (!whole || !durable) {
      return Step.WAIT;
    }
    if (!told) {
      told = true;
      return Step.TELL;
    }
    return Step.DROP;
  }

  /** Whether the table was looked at for the last time. */
  public boolean whole() {
    return whole;
  }

  /** Whether orders may be missing in the scope. */
  public boolean late() {
    return late;
  }
}
