package io.countermand.domain.lifecycle;

import io.countermand.domain.Cancel;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the ledger reads, one record each. {@code at}: the record; {@code time}: its writer's. */
public sealed interface LedgerEvent {

  Evidence at();

  Instant time();

  /** An event that concerns one cancel. */
  sealed interface OfCancel extends LedgerEvent {
    Cancel cancel();
  }

  /** The intent itself; time is the broker's append time. */
  record IntentSeen(Cancel cancel, Evidence at, Instant time) implements OfCancel {}

  /** The desk decided. */
  record Decided(Cancel cancel, DeskDecision decision, Evidence at, Instant time)
      implements OfCancel {}

  /** A desk is about to call; durable before the call, so no marker means no call. */
  record Started(
      Cancel cancel, String attemptId, int attemptNo, RequestKind kind, Evidence at, Instant time)
      implements OfCancel {}

  /**
   * What became of an attempt.
   *
   * @param sent false: certainly nothing reached the venue
   */
  record Replied(
      Cancel cancel,
      String attemptId,
      int attemptNo,
      RequestKind kind,
      Reply reply,
      boolean sent,
      @Nullable Instant sentAt,
      Evidence at,
      Instant time)
      implements OfCancel {}

  /** A time that was waited for has come, read back from the log; time is the ledger's clock. */
  record TimerFired(Cancel cancel, Instant due, Evidence at, Instant time) implements OfCancel {}

  /** An order event. */
  record OrderSeen(OrderEvent event, Evidence at, Instant time) implements LedgerEvent {}
}
