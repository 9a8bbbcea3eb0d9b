package io.countermand.client;

import io.countermand.events.OrderKey;
import io.countermand.events.OutcomeFinding;
import io.countermand.platform.Topics;

/** What is learned of cancels after their outcomes, which stay; one of each kind for a cancel. */
public final class FindingStream {

  private FindingStream() {}

  public static EventStream.Builder<OutcomeFinding> of(Connection connection) {
    return new EventStream.Builder<>(
        connection,
        Topics.FINDINGS,
        OutcomeFinding.class,
        found ->
            OrderKey.of(found.getCancel()).key()
                + ' '
                + found.getCancel().getCancelId()
                + ' '
                + found.getKind());
  }
}
