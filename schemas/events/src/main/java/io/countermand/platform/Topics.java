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

  private Topics() {}
}
