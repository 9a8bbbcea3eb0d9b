package io.countermand.venues.neuratrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.OrderPage;
import io.countermand.venues.StatusWords;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What NeuraTrade's answers mean. */
final class NeuraTradeReplies {

  /** Order states. CLOSED says that the order is over, not how. */
  static final StatusWords WORDS =
      StatusWords.of(
          Map.of(
              "OPEN", OrdStatus.NEW,
              "FILLED", OrdStatus.FILLED,
              "CANCELED", OrdStatus.CANCELED,
              "CANCELLED", OrdStatus.CANCELED,
              "CLOSED", OrdStatus.UNKNOWN));

  /** Its published handler changes its own tables and calls no exchange. */
  static final String PROVES =
      "cancelled in NeuraTrade's own book; of the exchange it says nothing";

  private NeuraTradeReplies() {}

  static Classified cancel(HttpReply reply, String orderId) {
    JsonNode body = reply.json();
    JsonNode order = body.path("data");
    boolean ours = orderId.equals(Json.text(order.path("order_id")));
    String word = Json.text(order.path("status"));
    if (reply.ok()
        && "success".equals(Json.text(body.path("status")))
        && Json.isNothing(body.path("error"))
        && ours
        && word != null
        && WORDS.status(word) == OrdStatus.CANCELED) {
      return Classified.of(
          new Reply.Canceled(
              new ReplyDetails(
                  reply.code(),
                  PROVES,
                  WORDS.status(word),
                  word,
                  null,
                  Json.time(order.path("updated_at")))));
    }
    return error(reply);
  }

  /**
   * By the order's position, which is opened with it and closed when it is cancelled. A position
   * that is not OPEN says that the order is over, an open one nothing; an order without a position
   * may be on another page.
   */
  static Classified status(HttpReply reply, String orderId) {
    JsonNode body = reply.json();
    if (!reply.ok() || !"success".equals(Json.text(body.path("status")))) {
      return error(reply);
    }
    JsonNode data = body.path("data");
    for (JsonNode position : data.isArray() ? data : data.path("positions")) {
      String word = Json.text(position.path("status"));
      if (word != null && orderId.equals(Json.text(position.path("order_id")))) {
        ReplyDetails told =
            new ReplyDetails(
                reply.code(),
                "state of the order's position",
                OrdStatus.UNKNOWN,
                "position " + word,
                null,
                Json.time(position.path("updated_at")));
        return Classified.of(
            switch (word) {
              case "CLOSED", "LIQUIDATED" -> new Reply.NotOpen(told);
              default -> new Reply.Status(told);
            });
      }
    }
    return Classified.ambiguous(reply.code(), "the order is not among the positions");
  }

  /**
   * Orders by their open positions: such an order may be open, or filled and its position held, so
   * its state stays unknown. Null if it is no list.
   *
   * @param account positions tell none: what intents call the user's only one; null: cannot be told
   */
  static @Nullable OrderPage openOrders(
      String venue, @Nullable String account, HttpReply reply, Instant sentAt) {
    JsonNode body = reply.json();
    JsonNode data = body.path("data");
    JsonNode list = data.isArray() ? data : data.path("positions");
    if (!reply.ok() || !"success".equals(Json.text(body.path("status"))) || !list.isArray()) {
      return null;
    }
    List<OrderEvent> orders = new ArrayList<>();
    for (JsonNode position : list) {
      String id = Json.text(position.path("order_id"));
      String word = Json.text(position.path("status"));
      if (id != null && !id.isEmpty() && word != null && account != null) {
        orders.add(
            new OrderEvent(
                new OrderRef(venue, account, id),
                null,
                OrdStatus.UNKNOWN,
                "position " + word,
                null,
                null,
                null,
                null,
                Json.time(position.path("updated_at")),
                null,
                false,
                "feed:" + venue,
                null,
                sentAt));
      }
    }
    return new OrderPage(
        new Reply.Accepted(ReplyDetails.of(reply.code(), null)),
        orders,
        null,
        orders.size() == list.size());
  }

  /**
   * A 500 can come after the order was cancelled ("failed to cancel order"), so it stays Ambiguous;
   * bodies of 401 lack {@code status}.
   */
  private static Classified error(HttpReply reply) {
    JsonNode body = reply.json();
    String text = Json.text(body.path("error"));
    if (text == null || "success".equals(Json.text(body.path("status")))) {
      return Classified.byStatus(reply);
    }
    ReplyDetails told = ReplyDetails.of(reply.code(), text);
    return switch (reply.status() + " " + text) {
      case "404 order not found" -> Classified.of(new Reply.UnknownOrder(told));
      case "409 order is not open" -> Classified.of(new Reply.NotOpen(told));
      case "400 invalid request payload" ->
          Classified.of(new Reply.Refused(Reason.INVALID_REQUEST, told));
      default -> Classified.refusal(reply, told);
    };
  }
}
