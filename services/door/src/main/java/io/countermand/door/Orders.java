package io.countermand.door;

import io.countermand.client.OrderStates;
import io.countermand.events.OrderKey;
import io.countermand.events.OrderState;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the desks know of an order. Thread-safe. */
final class Orders {

  private final OrderStates states;

  Orders(OrderStates states) {
    this.states = states;
  }

  /** {@code GET /v1/orders/{venue}/{account}/{orderId}}. */
  void get(Context request) {
    OrderKey order = key(request);
    CallerFilter.shouldMay(request, TokenVerb.READ, order.venue(), order.account());
    if (!states.current()) {
      throw new ProblemResponse(
          503, "NOT_CURRENT", "the door has not read the newest order states yet; try again later");
    }
    OrderState state =
        states
            .find(order)
            .orElseThrow(
                () ->
                    new ProblemResponse(
                        404,
                        "ORDER_UNKNOWN",
                        "no such order is known here: nobody told of it, it was forgotten, or it is"
                            + " not among those that changed last. It may be open all the same"));
    request.json(DoorJson.write(fields(order, state)));
  }

  /** By the path, and of a named order by the query, too. */
  static OrderKey key(Context request) {
    try {
      return new OrderKey(
          request.pathParam("venue"),
          request.pathParam("account"),
          request.pathParam("orderId"),
          request.queryParam("orderName"),
          request.queryParam("strategyId"));
    } catch (IllegalArgumentException e) {
      throw ProblemResponse.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, @Nullable Object> fields(OrderKey order, OrderState state) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("venue", order.venue());
    fields.put("account", order.account());
    fields.put("orderId", order.orderId());
    fields.put("ordStatus", state.getOrdStatus().name());
    fields.put("rawStatus", state.getRawStatus());
    fields.put("orderQty", state.getOrderQty());
    fields.put("cumQty", state.getCumQty());
    fields.put("disputed", state.getDisputed());
    fields.put("venueTime", DoorJson.text(state.getVenueTime()));
    fields.put("observedAt", DoorJson.text(state.getObservedAt()));
    fields.put(
        "evidence", state.getEvidence() == null ? null : DoorJson.place(state.getEvidence()));
    return fields;
  }
}
