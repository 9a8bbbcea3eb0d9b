package io.countermand.simulator.book;

import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderRef;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order to place.
 *
 * @param name with a strategy: a second way to name it in a webhook
 * @param placedAt the venue's time of the placement; null for now
 * @param details what its order events tell beside its state; null: nothing, as most venues
 */
public record NewOrder(
    OrderRef ref,
    BigDecimal quantity,
    @Nullable BigDecimal price,
    String symbol,
    String side,
    @Nullable String clOrdId,
    @Nullable String name,
    @Nullable String strategyId,
    @Nullable Instant placedAt,
    @Nullable OrderDetails details) {

  /** An order with the symbol, side and price of the seeds' examples. */
  public static NewOrder of(String venue, String account, String orderId, String quantity) {
    return new NewOrder(
        new OrderRef(venue, account, orderId),
        new BigDecimal(quantity),
        new BigDecimal("50000.00"),
        "BTC/USDT",
        "BUY",
        null,
        null,
        null,
        null,
        null);
  }

  public NewOrder named(String name, String strategyId) {
    return new NewOrder(
        ref, quantity, price, symbol, side, clOrdId, name, strategyId, placedAt, details);
  }

  public NewOrder withClOrdId(String clOrdId) {
    return new NewOrder(
        ref, quantity, price, symbol, side, clOrdId, name, strategyId, placedAt, details);
  }

  public NewOrder told(OrderDetails details) {
    return new NewOrder(
        ref, quantity, price, symbol, side, clOrdId, name, strategyId, placedAt, details);
  }

  public NewOrder at(Instant placedAt) {
    return new NewOrder(
        ref, quantity, price, symbol, side, clOrdId, name, strategyId, placedAt, details);
  }
}
