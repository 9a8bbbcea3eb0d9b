package io.countermand.simulator.book;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderRef;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order in the book, as it is after one change.
 *
 * @param name ENTRY1, STOP2, ...: what a webhook may call it, together with the strategy
 * @param quantity FIX OrderQty
 * @param filled FIX CumQty
 * @param sequence 1 for the placement, then one more for every change
 * @param changedAt the venue's time of the last change, microseconds
 * @param details what its order events tell beside its state; null: nothing
 */
public record Order(
    OrderRef ref,
    @Nullable String clOrdId,
    @Nullable String name,
    @Nullable String strategyId,
    String symbol,
    String side,
    @Nullable BigDecimal price,
    BigDecimal quantity,
    BigDecimal filled,
    @Nullable BigDecimal averagePrice,
    OrdStatus status,
    long sequence,
    Instant placedAt,
    Instant changedAt,
    @Nullable OrderDetails details) {

  /** FIX LeavesQty. */
  public BigDecimal leaves() {
    return status.terminal() ? BigDecimal.ZERO : quantity.subtract(filled);
  }

  /** Whether it can still trade or be cancelled. */
  public boolean open() {
    return !status.terminal();
  }

  Order with(OrdStatus status, Instant at) {
    return with(quantity, filled, averagePrice, status, at);
  }

  Order with(
      BigDecimal quantity,
      BigDecimal filled,
      @Nullable BigDecimal averagePrice,
      OrdStatus status,
      Instant at) {
    return new Order(
        ref,
        clOrdId,
        name,
        strategyId,
        symbol,
        side,
        price,
        quantity,
        filled,
        averagePrice,
        status,
        sequence + 1,
        placedAt,
        at,
        details);
  }
}
