package io.countermand.venues.crosstrade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.AccountList;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Messages of CrossTrade's WebSocket API. */
final class CrossTradeRpc {

  static final String CANCEL = "Cancel";
  static final String STATUS = "GetOrderStatus";

  /** There is no code over WebSocket; with none at all the answer would count as none. */
  private static final String UNCLEAR = "rpc";

  private CrossTradeRpc() {}

  /** As documented: {@code {"action":"rpc","id":…,"api":…,"args":{"account":…,"orderId":…}}}. */
  static String message(String id, String api, OrderRef order) {
    ObjectNode message = Json.object().put("action", "rpc").put("id", id).put("api", api);
    message.putObject("args").put("account", order.account()).put("orderId", order.orderId());
    return Json.write(message);
  }

  /** As above, without arguments. */
  static String message(String id, String api) {
    ObjectNode message = Json.object().put("action", "rpc").put("id", id).put("api", api);
    message.putObject("args");
    return Json.write(message);
  }

  /** Null if the answer is no list of accounts. */
  static @Nullable AccountList accounts(JsonNode message, Instant askedAt) {
    return Json.isNothing(message.path("error"))
        ? CrossTradeAccounts.read(null, message.path("data"), askedAt)
        : null;
  }

  /**
   * What a refusal to list the accounts means; its success is no refusal, and is not understood.
   */
  static Classified refusal(JsonNode message, Instant at) {
    Classified verdict = read(CANCEL, message, "", at);
    return verdict.reply() instanceof Reply.Accepted
        ? Classified.ambiguous(UNCLEAR, "answer not understood: " + message)
        : verdict;
  }

  /** The answer is {@code data}; where an error stands is not documented, so both are looked at. */
  static Classified read(String api, JsonNode message, String orderId, Instant at) {
    JsonNode data = message.path("data");
    boolean failedOutside = !Json.isNothing(message.path("error"));
    JsonNode body = failedOutside || !data.isObject() ? message : data;
    if (failedOutside && Json.isTrue(data.path("success"))) {
      return Classified.ambiguous(UNCLEAR, "answer contradicts itself: " + message);
    }
    Classified verdict =
        api.equals(CANCEL)
            ? CrossTradeReplies.cancel(null, body, orderId, at)
            : CrossTradeReplies.status(null, body, orderId, at);
    return verdict.reply() instanceof Reply.Ambiguous(ReplyDetails told)
        ? Classified.ambiguous(UNCLEAR, told.message() == null ? "" : told.message())
        : verdict;
  }
}
