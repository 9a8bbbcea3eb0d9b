package io.countermand.venues.polling;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a venue's lists told, from round to round: which order has changed, and which was open and
 * is told no more. That says nothing of how it ended. Not thread-safe.
 */
final class PolledOrders {

  private record Seen(
      OrdStatus status,
      @Nullable String raw,
      @Nullable BigDecimal quantity,
      @Nullable BigDecimal executed) {

    static Seen of(OrderEvent event) {
      return new Seen(
          event.ordStatus(), event.rawStatus(), plain(event.orderQty()), plain(event.cumQty()));
    }

    private static @Nullable BigDecimal plain(@Nullable BigDecimal value) {
      return value == null ? null : value.stripTrailingZeros();
    }
  }

  private Map<OrderRef, Seen> before = new HashMap<>();
  private final Map<OrderRef, Seen> now = new LinkedHashMap<>();

  /** Whether it differs from what the last round told, or is told anew. */
  boolean changed(OrderEvent event) {
    Seen seen = Seen.of(event);
    Seen earlier = now.put(event.order(), seen);
    return !Objects.equals(seen, earlier == null ? before.get(event.order()) : earlier);
  }

  /**
   * Ends a round.
   *
   * @param whole whether it told every open order
   * @return those that were open and are told no more; each is kept until {@link #settled}
   */
  List<OrderRef> end(boolean whole) {
    List<OrderRef> missing = new ArrayList<>();
    for (Map.Entry<OrderRef, Seen> each : before.entrySet()) {
      if (!now.containsKey(each.getKey()) && !each.getValue().status().terminal()) {
        now.put(each.getKey(), each.getValue());
        if (whole) {
          missing.add(each.getKey());
        }
      }
    }
    before = new HashMap<>(now);
    now.clear();
    return missing;
  }

  /** It is known what became of an order that was missing. */
  void settled(OrderRef order) {
    before.remove(order);
  }

  /** As if nothing had been told. */
  void forget() {
    before.clear();
    now.clear();
  }
}
