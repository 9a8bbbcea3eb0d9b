package io.countermand.domain;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Folds order events into an order's state. Monotone: late and repeated events change nothing that
 * newer ones said, a terminal state is undone by a correction only, cumQty falls by a correction
 * only. Pure.
 *
 * <pre>
 * event is            | table has nothing | open state         | terminal state
 * --------------------+-------------------+--------------------+--------------------
 * older than state    | take              | raise cumQty only  | raise cumQty only
 * status UNKNOWN      | take              | raise cumQty only  | raise cumQty only
 * open, not older     | take              | take               | raise cumQty only
 * terminal, not older | take              | take               | raise cumQty only  (first terminal word stands)
 * correction, older   | take              | nothing            | nothing
 * correction          | take              | take, also cumQty  | take, also cumQty
 * </pre>
 *
 * FILLED without a quantity makes an open state's cumQty unknown.
 *
 * <p>"Older" compares venue sequences if both have one, else venue times if both have one; without
 * either an event is not older, unless it is an open state observed earlier.
 */
public final class OrderFold {

  private OrderFold() {}

  /** The state after the event; the same object if nothing changed. */
  public static OrderState fold(@Nullable OrderState old, OrderEvent event, Evidence at) {
    if (old == null) {
      return take(null, event, at, event.cumQty());
    }
    boolean older = older(event, old);
    if (event.correction()) {
      BigDecimal corrected = event.cumQty() != null ? event.cumQty() : old.cumQty();
      return older ? old : take(old, event, at, corrected);
    }
    BigDecimal told = event.cumQty();
    BigDecimal known = old.cumQty();
    boolean more = told != null && (known == null || told.compareTo(known) > 0);
    if (older || old.terminal() || event.ordStatus() == OrdStatus.UNKNOWN) {
      return more ? raise(old, told) : old;
    }
    // Filled, and the venue does not say how much: what was known before is certainly not all of
    // it.
    boolean stale = told == null && event.ordStatus() == OrdStatus.FILLED;
    return take(old, event, at, more ? told : stale ? null : known);
  }

  private static boolean older(OrderEvent event, OrderState old) {
    Long sequence = event.sequence();
    Long oldSequence = old.sequence();
    if (sequence != null && oldSequence != null) {
      return sequence < oldSequence;
    }
    Instant time = event.venueTime();
    Instant oldTime = old.venueTime();
    if (time != null && oldTime != null && !time.equals(oldTime)) {
      return time.isBefore(oldTime);
    }
    return !event.ordStatus().terminal()
        && (rank(event.ordStatus()) < rank(old.ordStatus())
            || event.observedAt().isBefore(old.observedAt()));
  }

  /** How far an order has come; breaks ties where the venue gives neither sequence nor time. */
  private static int rank(OrdStatus status) {
    return switch (status) {
      case UNKNOWN -> 0;
      case PENDING_NEW, ACCEPTED_FOR_BIDDING -> 1;
      case NEW, SUSPENDED, STOPPED, CALCULATED, DONE_FOR_DAY, PENDING_REPLACE -> 2;
      case PARTIALLY_FILLED -> 3;
      case PENDING_CANCEL -> 3;
      case FILLED, CANCELED, REJECTED, EXPIRED -> 9;
    };
  }

  private static OrderState take(
      @Nullable OrderState old, OrderEvent event, Evidence at, @Nullable BigDecimal cumQty) {
    return new OrderState(
        event.ordStatus(),
        event.rawStatus(),
        event.orderQty() != null ? event.orderQty() : old == null ? null : old.orderQty(),
        cumQty,
        later(event.venueTime(), old == null ? null : old.venueTime()),
        event.sequence() != null ? event.sequence() : old == null ? null : old.sequence(),
        event.observedAt(),
        at);
  }

  private static OrderState raise(OrderState old, @Nullable BigDecimal cumQty) {
    return new OrderState(
        old.ordStatus(),
        old.rawStatus(),
        old.orderQty(),
        cumQty,
        old.venueTime(),
        old.sequence(),
        old.observedAt(),
        old.evidence());
  }

  private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
    return a == null ? b : b == null || a.isAfter(b) ? a : b;
  }
}
