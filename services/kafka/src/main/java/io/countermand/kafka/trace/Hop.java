package io.countermand.kafka.trace;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reply;
import io.countermand.domain.TraceContext;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.mass.MassCancel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of a traced cancel, as the role that took it tells. A step that is taken again after a
 * crash has the same span again. Immutable.
 */
public sealed interface Hop {

  /** The step's own span. */
  TraceContext here();

  /** The span that led to it; 16 hex digits. */
  String parent();

  /** When it began: a record's time where the step begins with one. */
  Instant start();

  /** When it ended, by this machine's clock: not before its start, unless the clocks differ. */
  Instant end();

  /**
   * A desk decided on an intent. Begins when the broker appended the intent.
   *
   * @param taken when the desk took it up
   */
  record Decided(
      TraceContext here,
      String parent,
      Cancel cancel,
      DeskDecision decision,
      Instant taken,
      Instant end)
      implements Hop {
    @Override
    public Instant start() {
      return cancel.receivedAt();
    }
  }

  /** A call got its permits, or waited for them in vain. Begins when it was asked for. */
  record Waited(TraceContext here, String parent, CancelRequest request, Instant end)
      implements Hop {
    @Override
    public Instant start() {
      return request.requestedAt();
    }
  }

  /**
   * A call to a venue, or why it was not made. Ends with its reply.
   *
   * @param sentAt null: nothing was sent
   * @param said the call without secrets, beginning with an HTTP method if it has one; null: none
   *     was made
   * @param heard the answer without secrets, beginning with {@code HTTP} and a status if it has
   *     one; null: none came
   */
  record Called(
      TraceContext here,
      String parent,
      CancelRequest request,
      String attemptId,
      Reply reply,
      Instant start,
      @Nullable Instant sentAt,
      Instant end,
      @Nullable String said,
      @Nullable String heard)
      implements Hop {}

  /** The ledger asked for another call. Begins with the record that made it do so. */
  record Asked(TraceContext here, String parent, CancelRequest request, Instant start, Instant end)
      implements Hop {}

  /**
   * The ledger has the outcome. Begins with the record that decided it.
   *
   * @param joined the outcome that this one repeats, of a cancel with a trace of its own; null: it
   *     repeats none, or that one is not traced
   */
  record Settled(
      TraceContext here,
      String parent,
      Outcome outcome,
      @Nullable TraceContext joined,
      Instant start,
      Instant end)
      implements Hop {}

  /** The ledger told all desks of a mass cancel. Begins when the broker appended that. */
  record Spread(TraceContext here, String parent, MassCancel mass, Instant start, Instant end)
      implements Hop {}
}
