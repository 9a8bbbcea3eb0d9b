package io.countermand.simulator.venue;

import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.Cancellation;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.OrderBook;
import java.time.Duration;

/**
 * How one request's cancel meets the book.
 *
 * @param call the request's number in the journal
 * @param filledFirst scripted: the order fills while the cancel is on its way
 * @param settle what the venue needs from taking a cancel to carrying it out
 */
public record Canceling(
    OrderBook book, Timer timer, long call, boolean filledFirst, Duration settle) {

  /** For a venue that answers when the cancel is carried out. */
  Cancellation now(OrderRef ref) {
    if (filledFirst) {
      book.fillRest(ref, call);
    }
    return book.cancel(ref, call);
  }

  /** For a venue that answers when it has taken the cancel. */
  Cancellation take(OrderRef ref) {
    if (filledFirst) {
      var filled = book.fillRest(ref, call);
      return filled == null
          ? book.cancel(ref, call)
          : new Cancellation(Effect.FILLED_FIRST, filled);
    }
    if (settle.isZero()) {
      return book.cancel(ref, call);
    }
    var taken = book.cancelLater(ref, call);
    if (taken.effect() == Effect.CANCEL_PENDING) {
      timer.after(settle, () -> book.settle(ref, call));
    }
    return taken;
  }
}
