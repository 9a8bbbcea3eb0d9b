package io.countermand.app.chaos;

import io.countermand.domain.order.OrderRef;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How a flow names its cancels and orders.
 *
 * @param prefix of its cancelIds
 * @param salt makes order ids differ from those that the same seed made before
 * @param venues that its orders stand at, in turn
 */
public record FlowNames(String prefix, long salt, List<At> venues) {

  /** A stack of its own knows no other flow. */
  static final FlowNames CHAOS =
      new FlowNames("c", 0, List.of(new At(RunConfig.VENUE, RunConfig.VENUE)));

  /** A venue instance, and the adapter, which says what an order id looks like. */
  public record At(String venue, String adapter) {}

  /**
   * For a pipeline that has seen flows before.
   *
   * @param venues adapter by instance name
   */
  static FlowNames of(long salt, Map<String, String> venues) {
    return new FlowNames(
        "f" + Long.toString(salt, Character.MAX_RADIX) + "-",
        salt,
        venues.entrySet().stream().map(each -> new At(each.getKey(), each.getValue())).toList());
  }

  /** For a part of the flow: the same orders' venues, and cancelIds of its own. */
  FlowNames part(int n) {
    return new FlowNames(prefix + n + "-", salt, venues);
  }

  String cancel(int n) {
    return prefix + n;
  }

  OrderRef order(Random random, int n) {
    At at = venues.get(n % venues.size());
    return new OrderRef(at.venue(), "Sim101", orderId(at.adapter(), random.nextLong() ^ salt, n));
  }

  /**
   * Of the form that an adapter asks for.
   *
   * @param id any number; of two orders with the same, only some adapters' ids differ by {@code n}
   */
  public static String orderId(String adapter, long id, int n) {
    return switch (adapter) {
      case "neuratrade" -> "ord-20260303120000-" + (id >>> 12);
      case "tradovate" -> Long.toString(id >>> 12);
      default -> "%016x%016x".formatted(id, n);
    };
  }
}
