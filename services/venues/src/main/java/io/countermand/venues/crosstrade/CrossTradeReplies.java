package io.countermand.venues.crosstrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.StatusWords;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.classification.RetryAfter;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What CrossTrade's bodies mean, over REST and WebSocket alike (REST v1 and WebSocket API). */
final class CrossTradeReplies {

  /** "The string is stable and parseable" (REST v1, cancel order); which end it was is not said. */
  private static final Pattern GONE =
      Pattern.compile("Order linked to '([^']*)' not found or already terminal\\.?");

  /** NinjaTrader 8 order states to FIX OrdStatus. */
  static final StatusWords WORDS =
      StatusWords.of(
          Map.ofEntries(
              Map.entry("Initialized", OrdStatus.PENDING_NEW),
              Map.entry("Submitted", OrdStatus.PENDING_NEW),
              Map.entry("Accepted", OrdStatus.NEW),
              Map.entry("Working", OrdStatus.NEW),
              Map.entry("TriggerPending", OrdStatus.NEW), // a stop that waits for its trigger
              Map.entry("ChangeSubmitted", OrdStatus.PENDING_REPLACE),
              Map.entry("ChangePending", OrdStatus.PENDING_REPLACE),
              Map.entry("CancelSubmitted", OrdStatus.PENDING_CANCEL),
              Map.entry("CancelPending", OrdStatus.PENDING_CANCEL),
              Map.entry("Cancelled", OrdStatus.CANCELED),
              Map.entry("Canceled", OrdStatus.CANCELED),
              Map.entry("Rejected", OrdStatus.REJECTED),
              Map.entry("PartFilled", OrdStatus.PARTIALLY_FILLED),
              Map.entry("PartiallyFilled", OrdStatus.PARTIALLY_FILLED),
              Map.entry("Filled", OrdStatus.FILLED),
              Map.entry("Suspended", OrdStatus.SUSPENDED),
              Map.entry("Unknown", OrdStatus.UNKNOWN)));

  private CrossTradeReplies() {}

  /**
   * The answer to a cancel.
   *
   * @param code HTTP status; null over WebSocket
   * @param orderId as asked
   */
  static Classified cancel(@Nullable String code, JsonNode body, String orderId, Instant at) {
    if (Json.isTrue(body.path("success")) && Json.isNothing(body.path("error"))) {
      return Classified.of(new Reply.Accepted(ReplyDetails.of(code, null)));
    }
    return error(code, body, orderId, at);
  }

  /**
   * The answer to "cancel orders" of an account. One that names no list took nobody knows what; a
   * refusal is not one of each order's own cancel, so that is tried.
   */
  static Classified cancelAll(@Nullable String code, JsonNode body, Instant at) {
    if (Json.isTrue(body.path("success")) && Json.isNothing(body.path("error"))) {
      return body.path("orderIds").isArray()
          ? Classified.of(new Reply.Accepted(ReplyDetails.of(code, null)))
          : Classified.ambiguous(code, "answer names no orders: " + body);
    }
    Classified said = error(code, body, "", at);
    return switch (said.reply()) {
      case Reply.Refused refused -> Classified.of(new Reply.RetryLater(null, null, refused.told()));
      case Reply.GoneOrUnknown gone -> Classified.of(new Reply.Ambiguous(gone.told()));
      default -> said;
    };
  }

  /** The orders that an answer to "cancel orders" names. */
  static List<String> canceled(JsonNode body) {
    List<String> ids = new ArrayList<>();
    for (JsonNode id : body.path("orderIds")) {
      String text = Json.text(id);
      if (text != null && !text.isEmpty()) {
        ids.add(text);
      }
    }
    return ids;
  }

  /** The answer to a look-up: the order, or only its status. */
  static Classified status(@Nullable String code, JsonNode body, String orderId, Instant at) {
    String state = Json.text(body.path("orderState"));
    String word = state != null ? state : Json.text(body.path("status"));
    boolean failed =
        Json.isFalse(body.path("success")) || !Json.isNothing(body.path("error")) || word == null;
    return failed || word == null
        ? error(code, body, orderId, at)
        : Classified.of(
            new Reply.Status(WORDS.told(code, word, Json.quantity(body.path("filled")), null)));
  }

  private static Classified error(
      @Nullable String code, JsonNode body, String orderId, Instant at) {
    String error = Json.text(body.path("error"));
    if (error == null || Json.isTrue(body.path("success"))) {
      return Classified.ambiguous(code, "answer not understood: " + body);
    }
    String detail = Json.text(body.path("detail"));
    ReplyDetails told = ReplyDetails.of(code, detail == null ? error : error + ": " + detail);
    Matcher gone = GONE.matcher(error.strip());
    if (gone.matches()) {
      return gone.group(1).equalsIgnoreCase(orderId)
          ? Classified.of(new Reply.GoneOrUnknown(told))
          : Classified.ambiguous(code, "answer about another order: " + error);
    }
    return switch (error.strip().toLowerCase(Locale.ROOT)) {
      case "invalid request" -> Classified.of(new Reply.Refused(Reason.INVALID_REQUEST, told));
      case "invalid_account" -> Classified.of(new Reply.Refused(Reason.ACCOUNT_REFUSED, told));
      case "unauthorized" -> Classified.of(new Reply.Unauthorized(told));
      case "rate limit exceeded" -> {
        Duration wait = RetryAfter.seconds(body.path("retry_after"));
        yield Classified.rateLimited(wait == null ? null : at.plus(wait), at, told);
      }
      default -> Classified.of(new Reply.Ambiguous(told));
    };
  }

  /** Over HTTP the status says more than words that nobody knows. */
  static Classified overHttp(HttpReply reply, Classified verdict) {
    return verdict.reply() instanceof Reply.Ambiguous(ReplyDetails told)
            && Json.text(reply.json().path("error")) != null
            && !Json.isTrue(reply.json().path("success"))
            && !GONE.matcher(String.valueOf(told.message())).find()
        ? Classified.refusal(reply, told)
        : verdict;
  }
}
