package io.countermand.venues.crosstrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.OrderPage;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CrossTrade's "GET orders", of one account or of all. An order there looks as the one of a
 * look-up; under which name the list stands is told differently, so {@code orders}, {@code data}
 * and a bare list are taken.
 */
final class CrossTradeList {

  private CrossTradeList() {}

  /** Null if it is no list. */
  static @Nullable OrderPage read(
      String venue, @Nullable String asked, HttpReply reply, Instant sentAt) {
    JsonNode body = reply.json();
    JsonNode list =
        body.isArray()
            ? body
            : body.path("orders").isArray() ? body.path("orders") : body.path("data");
    if (!list.isArray()
        || Json.isFalse(body.path("success"))
        || !Json.isNothing(body.path("error"))) {
      return null;
    }
    List<OrderEvent> orders = new ArrayList<>();
    boolean whole = true;
    for (JsonNode order : list) {
      String id = Json.text(order.path("orderId"));
      String named = Json.text(order.path("account"));
      String account = named == null ? asked : named;
      String state = Json.text(order.path("orderState"));
      if (id == null || id.isEmpty() || account == null || account.isEmpty() || state == null) {
        whole = false;
        continue;
      }
      orders.add(
          new OrderEvent(
              new OrderRef(venue, account, id),
              null,
              CrossTradeReplies.WORDS.status(state),
              state,
              Json.quantity(order.path("quantity")),
              Json.quantity(order.path("filled")),
              null,
              null,
              null,
              null,
              false,
              "feed:" + venue,
              null,
              sentAt));
    }
    return new OrderPage(
        new Reply.Accepted(ReplyDetails.of(reply.code(), null)), orders, null, whole);
  }
}
