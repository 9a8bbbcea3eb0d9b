package io.countermand.venues.cadenza;

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
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Cadenza's answers mean (API v3, tradeOrder cancel and list). */
final class CadenzaReplies {

  /** Order status values of {@code tradeOrder/list}. */
  static final StatusWords WORDS =
      StatusWords.of(
          Map.of(
              "PENDING", OrdStatus.PENDING_NEW,
              "OPEN", OrdStatus.NEW,
              "PARTIALLY_FILLED", OrdStatus.PARTIALLY_FILLED,
              "FILLED", OrdStatus.FILLED,
              "CANCELLED", OrdStatus.CANCELED,
              "REJECTED", OrdStatus.REJECTED,
              "EXPIRED", OrdStatus.EXPIRED));

  private static final Pattern CANNOT = Pattern.compile("can(no|')t( be)? cancel");

  private CadenzaReplies() {}

  static Classified cancel(HttpReply reply, String orderId) {
    JsonNode body = reply.json();
    if (!reply.ok() || !succeeded(body)) {
      return error(reply);
    }
    JsonNode order = body.path("data");
    ReplyDetails told = told(reply, order);
    if (told == null || !orderId.equals(Json.id(order.path("tradeOrderId")))) {
      return Classified.byStatus(reply);
    }
    return Classified.of(
        switch (told.ordStatus()) {
          case CANCELED -> new Reply.Canceled(told);
          // "Processed by the exchange and may take a moment".
          case PENDING_NEW, NEW, PARTIALLY_FILLED -> new Reply.Accepted(told);
          case FILLED, REJECTED, EXPIRED -> new Reply.NotOpen(told);
          case null, default -> new Reply.Ambiguous(told);
        });
  }

  static Classified status(HttpReply reply, String orderId) {
    JsonNode body = reply.json();
    if (!reply.ok() || !succeeded(body)) {
      return error(reply);
    }
    JsonNode orders = body.path("data");
    if (!orders.isArray()) {
      return Classified.byStatus(reply);
    }
    for (JsonNode order : orders) {
      ReplyDetails told = told(reply, order);
      if (told != null && orderId.equals(Json.id(order.path("tradeOrderId")))) {
        return Classified.of(new Reply.Status(told));
      }
    }
    return orders.isEmpty()
        ? Classified.of(
            new Reply.UnknownOrder(ReplyDetails.of(reply.code(), "no such order in the list")))
        : Classified.byStatus(reply);
  }

  /** "A 200 with success:false is a failure." */
  static boolean succeeded(JsonNode body) {
    Long errno = Json.integer(body.path("errno"));
    return Json.isTrue(body.path("success"))
        && Json.isNothing(body.path("error"))
        && (Json.isNothing(body.path("errno")) || (errno != null && errno == 0));
  }

  /** Null if the order tells no status. */
  private static @Nullable ReplyDetails told(HttpReply reply, JsonNode order) {
    String word = Json.text(order.path("status"));
    if (word == null) {
      return null;
    }
    // "cancelledAt" over HTTP, "canceledAt" on the WebSocket.
    Instant at = Json.time(order.path("cancelledAt"));
    at = at == null ? Json.time(order.path("canceledAt")) : at;
    at = at == null ? Json.time(order.path("updatedAt")) : at;
    return WORDS.told(reply.code(), word, Json.quantity(order.path("executedQuantity")), at);
  }

  private static Classified error(HttpReply reply) {
    JsonNode body = reply.json();
    Long errno = Json.integer(body.path("errno"));
    String text = Json.text(body.path("error"));
    if (!Json.isFalse(body.path("success")) || text == null) {
      return Classified.byStatus(reply);
    }
    ReplyDetails told = ReplyDetails.of(errno == null ? reply.code() : errno.toString(), text);
    CadenzaCode code = errno == null ? null : CadenzaCode.of(errno);
    boolean serverFailed = reply.status() >= 500;
    if (code != null && (!serverFailed || reply.status() == code.http)) {
      return known(code, told, reply);
    }
    return serverFailed ? Classified.of(new Reply.Ambiguous(told)) : unnumbered(reply, text, told);
  }

  private static Classified known(CadenzaCode code, ReplyDetails told, HttpReply reply) {
    Reason reason = code.reason == null ? Reason.OTHER : code.reason;
    return switch (code.kind) {
      case NOT_OPEN -> Classified.of(new Reply.NotOpen(ended(told)));
      case UNKNOWN_ORDER -> Classified.of(new Reply.UnknownOrder(told));
      case REFUSED -> Classified.of(new Reply.Refused(reason, code.cxlRejReason(), told));
      case UNAUTHORIZED -> Classified.of(new Reply.Unauthorized(told));
      case RETRY_LATER ->
          code == CadenzaCode.RATE_LIMIT
              ? Classified.rateLimited(RetryAfter.of(reply), reply.at(), told)
              : Classified.of(new Reply.RetryLater(RetryAfter.of(reply), null, told));
      default -> Classified.of(new Reply.Ambiguous(told));
    };
  }

  /** The error table of the cancel page, where the number is none that we know. */
  private static Classified unnumbered(HttpReply reply, String text, ReplyDetails told) {
    String plain = text.toLowerCase(Locale.ROOT);
    return switch (reply.status()) {
      case 401, 429 -> Classified.byStatus(reply);
      case 404 -> Classified.of(new Reply.UnknownOrder(told));
      case 400 ->
          // "Cannot cancel: order already filled or cancelled", under several numbers.
          plain.contains("already filled")
                  || plain.contains("already cancel")
                  || CANNOT.matcher(plain).find()
              ? Classified.of(new Reply.NotOpen(ended(told)))
              : plain.contains("invalid request") || plain.contains("missing")
                  ? Classified.of(new Reply.Refused(Reason.INVALID_REQUEST, told))
                  : Classified.refusal(reply, told);
      default -> Classified.refusal(reply, told);
    };
  }

  /** How the order ended, where the text names exactly one way. */
  private static ReplyDetails ended(ReplyDetails told) {
    String text = told.message() == null ? "" : told.message().toLowerCase(Locale.ROOT);
    boolean filled = text.contains("already filled");
    boolean canceled = text.contains("already cancel") || text.contains("or cancel");
    return filled == canceled
        ? told
        : filled
            ? told.withStatus(OrdStatus.FILLED, "already filled")
            : told.withStatus(OrdStatus.CANCELED, "already cancelled");
  }
}
