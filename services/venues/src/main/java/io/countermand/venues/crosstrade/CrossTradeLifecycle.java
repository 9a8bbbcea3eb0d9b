package io.countermand.venues.crosstrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.Json;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * CrossTrade's "GET order lifecycle": every state that the add-on saw, and every API attempt, which
 * proves nothing of the order. The add-on does not look at the account in the path, so the answer's
 * own must be the one that was asked for.
 */
final class CrossTradeLifecycle {

  /** "Server enforces a hard ceiling": so many may not be all. */
  static final int MOST = 2_000;

  /** What somebody asked for, not what became of it. */
  private static final String ATTEMPT = "api_";

  private static final Set<OrdStatus> ENDS =
      Set.of(OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.REJECTED);

  private CrossTradeLifecycle() {}

  static boolean is(JsonNode body) {
    return body.path("events").isArray();
  }

  /** The last state that was recorded, if the record is whole and does not contradict itself. */
  static Classified read(@Nullable String code, JsonNode body, OrderRef asked) {
    if (!Json.isTrue(body.path("success")) || !Json.isNothing(body.path("error"))) {
      return Classified.ambiguous(code, "lifecycle not understood: " + body);
    }
    String account = Json.text(body.path("account"));
    if (!isAsked(body, asked.orderId()) || account == null) {
      return Classified.ambiguous(code, "lifecycle of another order: " + body);
    }
    if (!account.equalsIgnoreCase(asked.account())) {
      return Classified.ambiguous(code, "lifecycle of an order of account " + account);
    }
    JsonNode events = body.path("events");
    if (events.size() >= MOST) {
      return Classified.ambiguous(code, "lifecycle may be cut");
    }
    BigDecimal latest = null;
    JsonNode last = null;
    OrdStatus ended = null;
    for (JsonNode event : events) {
      String source = Json.text(event.path("source"));
      String state = Json.text(event.path("orderState"));
      if (source == null || !event.path("epoch").isNumber()) {
        return Classified.ambiguous(
            code, "lifecycle with an event that is not understood: " + event);
      }
      if (source.startsWith(ATTEMPT) || state == null) {
        continue;
      }
      BigDecimal at = event.path("epoch").decimalValue();
      if (latest == null || at.compareTo(latest) >= 0) {
        latest = at;
        last = event;
      }
      OrdStatus status = CrossTradeReplies.WORDS.status(state);
      if (ENDS.contains(status)) {
        if (ended != null && ended != status) {
          return Classified.ambiguous(code, "lifecycle with two ends: " + ended + " and " + status);
        }
        ended = status;
      }
    }
    String word = last == null ? null : Json.text(last.path("orderState"));
    if (last == null || word == null) {
      return Classified.ambiguous(code, "lifecycle without a state");
    }
    if (ended != null && CrossTradeReplies.WORDS.status(word) != ended) {
      return Classified.ambiguous(code, "lifecycle that goes on after its end: " + word);
    }
    return Classified.of(
        new Reply.Status(
            CrossTradeReplies.WORDS.told(code, word, Json.quantity(last.path("filled")), null)));
  }

  /** By the id that it has, or the one that it was placed with. */
  private static boolean isAsked(JsonNode body, String orderId) {
    return orderId.equalsIgnoreCase(Json.text(body.path("orderId")))
        || orderId.equalsIgnoreCase(Json.text(body.path("originalOrderId")));
  }
}
