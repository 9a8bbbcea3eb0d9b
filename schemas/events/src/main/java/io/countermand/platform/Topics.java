package io.countermand.platform;

/** Names of the topics. */
public final class Topics {

  public static final String INTENTS = "cancel-intents";
  public static final String ORDER_EVENTS = "order-events";
  public static final String ORDER_STATES = "order-states";

  /** Later attempts and status queries. */
  public static final String RETRIES = "cancel-retries";

  public static final String PROGRESS = "cancel-progress";
  public static final String OUTCOMES = "cancel-outcomes";

  /** What is learned of a cancel after its outcome. */
  public static final String FINDINGS = "outcome-findings";

  public static final String DEAD_LETTERS = "dead-letters";

  /** Until when each venue instance is not to be called; few records, one partition. */
  public static final String PAUSES = "venue-pauses";

  /** "Cancel all orders of this scope"; few records, one partition, one order for all. */
  public static final String MASS_CANCELS = "mass-cancels";

  /** Each mass cancel as the ledger took it, in every partition: what desks read. */
  public static final String MASS_COMMANDS = "mass-cancel-commands";

  /** The parts of a mass cancel's report: scopes from the desks, outcomes from the ledger. */
  public static final String MASS_PROGRESS = "mass-cancel-progress";

  /** How each mass cancel stands, and what it came to. */
  public static final String MASS_REPORTS = "mass-cancel-reports";

  /** Mass cancels that stay on, and who took them off; compacted, one partition. */
  public static final String KILL_SWITCHES = "kill-switches";

  /**
   * Who lives says so here, and silence cancels his orders; few producers, one partition. With the
   * ledger's ticks between them, which are the clock.
   */
  public static final String HEARTBEATS = "heartbeats";

  /** Who asked for what in a console; few records, one partition. */
  public static final String CONSOLE_ACTIONS = "console-actions";

  private Topics() {}
}
