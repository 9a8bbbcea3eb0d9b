package io.countermand.venues.tradovate;

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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Order events out of {@code props} events and of the answer to {@code user/syncrequest}. */
final class TradovateOrderEvents {

  private final String venue;
  private final Map<String, String> accounts;

  /**
   * @param venue the instance
   * @param accounts names that intents use, by Tradovate's account id; others are told by id
   */
  TradovateOrderEvents(String venue, Map<String, String> accounts) {
    this.venue = venue;
    this.accounts = accounts;
  }

  /** {@code {"e":"props","d":…}}, where {@code d} is one change or many. */
  List<OrderEvent> changes(JsonNode message, Instant now) {
    List<OrderEvent> events = new ArrayList<>();
    JsonNode changes = message.path("d");
    for (JsonNode change : changes.isArray() ? changes : List.of(changes)) {
      boolean order = "order".equals(Json.text(change.path("entityType")));
      // A deleted entity is gone from the venue's lists; that says nothing of how the order ended.
      if (order && !"Deleted".equals(Json.text(change.path("eventType")))) {
        add(change.path("entity"), now, events);
      }
    }
    return events;
  }

  /** The snapshot: {@code {"s":200,"i":…,"d":{"orders":[…]}}}. */
  List<OrderEvent> snapshot(JsonNode message, Instant now) {
    List<OrderEvent> events = new ArrayList<>();
    for (JsonNode order : message.path("d").path("orders")) {
      add(order, now, events);
    }
    return events;
  }

  /** {@code GET order/list}: the session's orders, in one answer. Null if it is no list. */
  @Nullable OrderPage page(HttpReply reply, @Nullable String account, Instant sentAt) {
    if (!reply.ok() || !reply.json().isArray()) {
      return null;
    }
    List<OrderEvent> events = new ArrayList<>();
    for (JsonNode order : reply.json()) {
      add(order, sentAt, events);
    }
    boolean whole = events.size() == reply.json().size();
    List<OrderEvent> asked =
        events.stream()
            .filter(event -> account == null || account.equals(event.order().account()))
            .toList();
    return new OrderPage(
        new Reply.Accepted(ReplyDetails.of(reply.code(), null)), asked, null, whole);
  }

  private void add(JsonNode order, Instant now, List<OrderEvent> to) {
    OrderEvent event = event(order, now);
    if (event != null) {
      to.add(event);
    }
  }

  /** {@code timestamp} is the order's creation, so the event itself has no venue time. */
  private @Nullable OrderEvent event(JsonNode order, Instant now) {
    Long id = Json.integer(order.path("id"));
    Long accountId = Json.integer(order.path("accountId"));
    String word = Json.text(order.path("ordStatus"));
    if (id == null || accountId == null || word == null) {
      return null;
    }
    String account = accountId.toString();
    return new OrderEvent(
        new OrderRef(venue, accounts.getOrDefault(account, account), id.toString()),
        Json.text(order.path("clOrdId")),
        TradovateReplies.WORDS.status(word),
        word,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        "feed:" + venue,
        null,
        now);
  }
}
