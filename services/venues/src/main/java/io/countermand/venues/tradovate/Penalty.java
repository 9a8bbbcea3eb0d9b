package io.countermand.venues.tradovate;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.classification.RetryAfter;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tradovate's ways to make a client wait: penalty tickets (HTTP 200, and yet not handled), captcha,
 * 429 and 423.
 *
 * @param ticket to be sent again with the same body; null: none
 */
record Penalty(Instant until, @Nullable String ticket, String code, String why) {

  /** After 429, 423 and a captcha; a request inside the hour starts it anew. */
  private static final Duration LOCK_OUT = Duration.ofHours(1);

  /** Where a ticket names no time that can be read. */
  private static final Duration UNNAMED = Duration.ofSeconds(60);

  private static final int LONGEST_TICKET = 4096;

  /** Null if the answer is no penalty. */
  static @Nullable Penalty of(HttpReply reply) {
    return switch (reply.status()) {
      case 429 -> lockOut(reply, "rate limit, no call for an hour");
      case 423 -> lockOut(reply, "locked before lock-out, no call for an hour");
      case 200, 202 -> ticket(reply);
      default -> null;
    };
  }

  private static Penalty lockOut(HttpReply reply, String why) {
    Instant hour = reply.at().plus(LOCK_OUT);
    Instant named = RetryAfter.of(reply);
    return new Penalty(
        named != null && named.isAfter(hour) ? named : hour, null, reply.code(), why);
  }

  private static @Nullable Penalty ticket(HttpReply reply) {
    JsonNode body = reply.json();
    String ticket = Json.text(body.path("p-ticket"));
    // Whatever carries a result is no penalty, or contradicts itself.
    if (ticket == null
        || ticket.isEmpty()
        || ticket.length() > LONGEST_TICKET
        || body.has("commandId")
        || body.has("failureReason")
        || body.has("accessToken")) {
      return null;
    }
    if (Json.isTrue(body.path("p-captcha"))) {
      return new Penalty(
          reply.at().plus(LOCK_OUT),
          null,
          "p-captcha",
          "CAPTCHA wanted: a person must log in by hand; no call for an hour");
    }
    Duration wait = RetryAfter.seconds(body.path("p-time"));
    Instant until = reply.at().plus(wait == null ? UNNAMED : wait);
    return new Penalty(until, ticket, "p-ticket", "penalty ticket");
  }

  Classified verdict() {
    return Classified.lockedOut(until, ticket, ReplyDetails.of(code, why));
  }
}
