package io.countermand.venues.cadenza;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.OrderPage;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code tradeOrder/list} by status: of each status that is open all pages, oldest first, so that a
 * long history costs nothing. Where the answer has its next cursor is not documented, so pages are
 * counted by {@code offset}; an order that moves meanwhile is found in the next round.
 */
final class CadenzaList {

  private static final List<String> OPEN = List.of("OPEN", "PARTIALLY_FILLED", "PENDING");
  private static final int LIMIT = 100;
  private static final int LEAST_PAGE = 10;

  /** As text: {@code status:offset}. */
  private record Cursor(int status, int offset) {

    static Cursor read(@Nullable String text) {
      if (text == null) {
        return new Cursor(0, 0);
      }
      String[] parts = text.split(":", 2);
      return new Cursor(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }
  }

  private CadenzaList() {}

  static HttpCall call(@Nullable String account, @Nullable String cursor) {
    Cursor at = Cursor.read(cursor);
    String path =
        "/api/v3/tradeOrder/list?status=%s&limit=%d&offset=%d&ascending=true"
            .formatted(OPEN.get(at.status()), LIMIT, at.offset());
    return HttpCall.list(
        account == null ? path : path + "&tradingAccountId=" + HttpCall.encode(account));
  }

  /** Null if it is no list. */
  static @Nullable OrderPage read(
      String venue, @Nullable String cursor, HttpReply reply, Instant sentAt) {
    JsonNode list = reply.json().path("data");
    if (!reply.ok() || !CadenzaReplies.succeeded(reply.json()) || !list.isArray()) {
      return null;
    }
    List<OrderEvent> orders = new ArrayList<>();
    boolean whole = true;
    for (JsonNode order : list) {
      OrderEvent event = event(venue, order, sentAt);
      whole &= event != null;
      if (event != null) {
        orders.add(event);
      }
    }
    Cursor at = Cursor.read(cursor);
    // Pages may be capped lower than asked, but "default: 10": fewer are the last.
    String next =
        list.size() >= LEAST_PAGE
            ? at.status() + ":" + (at.offset() + list.size())
            : at.status() + 1 < OPEN.size() ? (at.status() + 1) + ":0" : null;
    return new OrderPage(
        new Reply.Accepted(ReplyDetails.of(reply.code(), null)), orders, next, whole);
  }

  private static @Nullable OrderEvent event(String venue, JsonNode order, Instant sentAt) {
    String id = Json.id(order.path("tradeOrderId"));
    String account = Json.id(order.path("tradingAccountId"));
    String status = Json.text(order.path("status"));
    if (id == null || id.isEmpty() || account == null || account.isEmpty() || status == null) {
      return null;
    }
    return new OrderEvent(
        new OrderRef(venue, account, id),
        null,
        CadenzaReplies.WORDS.status(status),
        status,
        Json.quantity(order.path("quantity")),
        Json.quantity(order.path("executedQuantity")),
        null,
        null,
        Json.time(order.path("updatedAt")),
        null,
        false,
        "feed:" + venue,
        null,
        sentAt);
  }
}
