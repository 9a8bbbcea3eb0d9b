package io.countermand.domain.order;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a source tells of an order.
 *
 * @param orderQty FIX OrderQty
 * @param cumQty FIX CumQty, executed so far
 * @param leavesQty FIX LeavesQty, still open
 * @param avgPx FIX AvgPx
 * @param venueTime the venue's time of the event; null if it gave none
 * @param sequence the venue's rising number for this order's events; null if it gives none
 * @param correction whether the venue corrects what it said before; only that undoes a terminal
 *     state
 * @param source "feed:&lt;venue&gt;" or "ledger"
 * @param cancelId the cancel whose reply proved this; null unless the ledger tells
 * @param observedAt when the source learned it
 * @param details whose order it is, and of what; null: not told
 */
public record OrderEvent(
    OrderRef order,
    @Nullable String clOrdId,
    OrdStatus ordStatus,
    @Nullable String rawStatus,
    @Nullable BigDecimal orderQty,
    @Nullable BigDecimal cumQty,
    @Nullable BigDecimal leavesQty,
    @Nullable BigDecimal avgPx,
    @Nullable Instant venueTime,
    @Nullable Long sequence,
    boolean correction,
    String source,
    @Nullable String cancelId,
    Instant observedAt,
    @Nullable OrderDetails details) {

  /** One that does not tell whose order it is. */
  public OrderEvent(
      OrderRef order,
      @Nullable String clOrdId,
      OrdStatus ordStatus,
      @Nullable String rawStatus,
      @Nullable BigDecimal orderQty,
      @Nullable BigDecimal cumQty,
      @Nullable BigDecimal leavesQty,
      @Nullable BigDecimal avgPx,
      @Nullable Instant venueTime,
      @Nullable Long sequence,
      boolean correction,
      String source,
      @Nullable String cancelId,
      Instant observedAt) {
    this(
        order,
        clOrdId,
        ordStatus,
        rawStatus,
        orderQty,
        cumQty,
        leavesQty,
        avgPx,
        venueTime,
        sequence,
        correction,
        source,
        cancelId,
        observedAt,
        null);
  }
}
