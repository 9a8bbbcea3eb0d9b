package io.countermand.simulator.journal;

import io.countermand.simulator.book.Effect;
import io.countermand.simulator.journal.JournalEntry.Answered;
import io.countermand.simulator.journal.JournalEntry.Received;
import io.countermand.simulator.request.CallKind;
import org.jspecify.annotations.Nullable;

/**
 * A request and what became of it.
 *
 * @param answered null while it is being dealt with, or if the simulator was killed meanwhile
 */
public record JournalCall(Received received, @Nullable Answered answered) {

  public CallKind kind() {
    return received.kind();
  }

  /** {@link Effect#NONE} while it is not answered. */
  public Effect effect() {
    return answered == null ? Effect.NONE : answered.effect();
  }
}
