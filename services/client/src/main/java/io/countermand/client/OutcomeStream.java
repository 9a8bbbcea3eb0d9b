package io.countermand.client;

import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import io.countermand.platform.Topics;

/** The outcomes of all cancels, for risk systems: one for each cancel, and final. */
public final class OutcomeStream {

  private OutcomeStream() {}

  public static EventStream.Builder<CancelOutcome> of(Connection connection) {
    return new EventStream.Builder<>(
        connection,
        Topics.OUTCOMES,
        CancelOutcome.class,
        outcome ->
            OrderKey.of(outcome.getCancel()).key() + ' ' + outcome.getCancel().getCancelId());
  }
}
