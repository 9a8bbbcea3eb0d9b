package io.countermand.domain.lifecycle;

import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger keeps of one order.
 *
 * @param order newest known state; null: nothing known
 * @param open cancels without an outcome, in order of arrival
 * @param judged the last cancels with an outcome, oldest first
 * @param touchedAt time of the last event that changed this
 */
public record OrderLedger(
    @Nullable OrderState order,
    List<OpenCancel> open,
    List<JudgedCancel> judged,
    Instant touchedAt) {

  public static final OrderLedger NONE = new OrderLedger(null, List.of(), Instant.EPOCH);

  /** Without a cancel that has its outcome. */
  public OrderLedger(@Nullable OrderState order, List<OpenCancel> open, Instant touchedAt) {
    this(order, open, List.of(), touchedAt);
  }

  public @Nullable OpenCancel find(String cancelId) {
    for (OpenCancel cancel : open) {
      if (cancel.id().equals(cancelId)) {
        return cancel;
      }
    }
    return null;
  }

  /**
   * Whether an order event matters here: the desk keeps the table, the ledger only the orders that
   * have cancels, or outcomes that more may be learned of, fresh endings, and what may contradict
   * an ending.
   */
  public boolean heeds(OrderEvent event) {
    return !open.isEmpty()
        || event.ordStatus().terminal()
        || judged.stream().anyMatch(JudgedCancel::heeds)
        || (order != null && (order.terminal() || order.disputed()));
  }

  /** When anything here needs the clock next; without a live cancel: when it may be forgotten. */
  public Instant wake(LedgerRules rules) {
    Instant wake = null;
    for (OpenCancel cancel : open) {
      Instant at = cancel.wake(rules);
      wake = wake == null || at.isBefore(wake) ? at : wake;
    }
    return wake == null ? touchedAt.plus(rules.rememberOrder()) : wake;
  }

  /** Whether nobody waits for an outcome, and nothing was heard of it for long enough. */
  public boolean forgettable(Instant now, LedgerRules rules) {
    return open.isEmpty() && !now.isBefore(wake(rules));
  }

  OrderLedger withOrder(@Nullable OrderState state) {
    return new OrderLedger(state, open, judged, touchedAt);
  }

  OrderLedger touched(Instant at) {
    return new OrderLedger(order, open, judged, at.isAfter(touchedAt) ? at : touchedAt);
  }
}
