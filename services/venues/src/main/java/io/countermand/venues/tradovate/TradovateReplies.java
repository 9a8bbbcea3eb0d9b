package io.countermand.venues.tradovate;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.StatusWords;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Tradovate's answers mean. "200 is not success." */
final class TradovateReplies {

  /** {@code Order.ordStatus}. What "Completed" means is written nowhere, so it stays unknown. */
  static final StatusWords WORDS =
      StatusWords.of(
          Map.ofEntries(
              Map.entry("PendingNew", OrdStatus.PENDING_NEW),
              Map.entry("Working", OrdStatus.NEW),
              Map.entry("PendingCancel", OrdStatus.PENDING_CANCEL),
              Map.entry("PendingReplace", OrdStatus.PENDING_REPLACE),
              Map.entry("Suspended", OrdStatus.SUSPENDED),
              Map.entry("Filled", OrdStatus.FILLED),
              Map.entry("Canceled", OrdStatus.CANCELED),
              Map.entry("Rejected", OrdStatus.REJECTED),
              Map.entry("Expired", OrdStatus.EXPIRED),
              Map.entry("Completed", OrdStatus.UNKNOWN),
              Map.entry("Unknown", OrdStatus.UNKNOWN)));

  private TradovateReplies() {}

  static Classified cancel(HttpReply reply) {
    Penalty penalty = Penalty.of(reply);
    if (penalty != null) {
      return penalty.verdict();
    }
    JsonNode body = reply.json();
    boolean commanded = body.has("commandId") || body.has("failureReason");
    String error = Json.text(body.path("errorText"));
    if (!reply.ok() || !body.isObject() || body.has("p-ticket")) {
      return error == null || commanded
          ? Classified.byStatus(reply)
          : Classified.refusal(reply, ReplyDetails.of(reply.code(), error));
    }
    if (!commanded && error != null && Json.isFalse(body.path("ok"))) {
      return Classified.of(
          new Reply.Refused(Reason.VENUE_REFUSED, ReplyDetails.of("errorText", error)));
    }
    JsonNode violations = body.path("violations");
    if (!commanded && violations.isArray() && !violations.isEmpty()) {
      return Classified.of(
          new Reply.Refused(
              Reason.INVALID_REQUEST, ReplyDetails.of("violations", violations.toString())));
    }
    return error == null && violations.isMissingNode() ? result(reply) : Classified.byStatus(reply);
  }

  /** {@code CommandResult}: three optional fields. */
  private static Classified result(HttpReply reply) {
    JsonNode body = reply.json();
    JsonNode reason = body.path("failureReason");
    String text = Json.text(body.path("failureText"));
    Long command = Json.integer(body.path("commandId"));
    String name = Json.text(reason);
    if (Json.isNothing(reason)) {
      return command != null && text == null ? accepted(command) : Classified.byStatus(reply);
    }
    FailureReasons.Meaning meaning = name == null ? null : FailureReasons.of(name);
    if (name == null || meaning == null) {
      return Classified.of(new Reply.Ambiguous(told(name, text)));
    }
    ReplyDetails told = told(name, text);
    return switch (meaning.kind()) {
      case ACCEPTED -> command == null ? Classified.byStatus(reply) : accepted(command);
      case NOT_OPEN -> Classified.of(new Reply.NotOpen(told));
      case RETRY_LATER -> Classified.of(new Reply.RetryLater(null, null, told));
      case REFUSED ->
          Classified.of(new Reply.Refused(meaning.reason(), meaning.cxlRejReason(), told));
      default -> Classified.of(new Reply.Ambiguous(told));
    };
  }

  private static ReplyDetails told(@Nullable String name, @Nullable String text) {
    return ReplyDetails.of(name == null ? "failureReason" : name, text);
  }

  private static Classified accepted(long command) {
    return Classified.of(new Reply.Accepted(ReplyDetails.of("Success", "commandId " + command)));
  }

  /** {@code GET order/item}. */
  static Classified status(HttpReply reply, String orderId) {
    Penalty penalty = Penalty.of(reply);
    if (penalty != null) {
      return penalty.verdict();
    }
    JsonNode order = reply.json();
    String word = Json.text(order.path("ordStatus"));
    if (reply.ok() && word != null && orderId.equals(Json.id(order.path("id")))) {
      return Classified.of(new Reply.Status(WORDS.told(reply.code(), word, null, null)));
    }
    if (reply.status() == 404 && (reply.body().isEmpty() || order.isObject())) {
      return Classified.of(new Reply.UnknownOrder(ReplyDetails.of(reply.code(), "no such order")));
    }
    return Classified.byStatus(reply);
  }
}
