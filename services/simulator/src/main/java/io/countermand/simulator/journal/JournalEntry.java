package io.countermand.simulator.journal;

import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.request.CallKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of the journal; {@code seq} rises by one from 1, {@code at} is in microseconds. */
public sealed interface JournalEntry {

  long seq();

  Instant at();

  /**
   * A request arrived.
   *
   * @param call its number, referred to by the other entries
   * @param account the book's account of the order if the book has it, else the request's
   * @param orderId null if the request names none
   * @param request method and path, or the WebSocket operation
   * @param traceparent the HTTP header as it came; null if there is none
   * @param body at most 500 characters, without secrets
   */
  record Received(
      long seq,
      Instant at,
      long call,
      CallKind kind,
      String venue,
      @Nullable String account,
      @Nullable String orderId,
      String request,
      @Nullable String traceparent,
      String body)
      implements JournalEntry {}

  /**
   * A request was dealt with; written just before the answer leaves.
   *
   * @param fault what was scripted, or "unauthorized", "limited"; null if nothing
   * @param status of HTTP; 0 if no answer leaves
   * @param answer at most 500 characters, without secrets
   */
  record Answered(
      long seq,
      Instant at,
      long call,
      Effect effect,
      @Nullable String fault,
      int status,
      String answer)
      implements JournalEntry {}

  /**
   * An order changed.
   *
   * @param cause "place", "fill", "reduce", "cancel", "reject", "expire" or "correct"
   * @param call the request that did it; 0 for none
   */
  record Changed(long seq, Instant at, Order order, String cause, long call)
      implements JournalEntry {}
}
