package io.countermand.venues.http.classification;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.venues.http.transport.HttpReply;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** When a venue wants to hear from us again. */
public final class RetryAfter {

  /** Longer waits are taken for nonsense and cut to this. */
  static final Duration LONGEST = Duration.ofHours(24);

  private RetryAfter() {}

  /**
   * The later of the header Retry-After (RFC 9110, 10.2.3: seconds or a date) and the body's {@code
   * retry_after} (seconds); null if neither can be read. A date is taken relative to the server's
   * own Date, where it gives one, so that a wrong clock on either side does not matter.
   */
  public static @Nullable Instant of(HttpReply reply) {
    Instant header = header(reply);
    Duration field = seconds(reply.json().path("retry_after"));
    Instant body = field == null ? null : reply.at().plus(field);
    if (header == null || body == null) {
      return header == null ? body : header;
    }
    return header.isAfter(body) ? header : body;
  }

  private static @Nullable Instant header(HttpReply reply) {
    String value = reply.header("retry-after");
    if (value == null) {
      return null;
    }
    String text = value.strip();
    if (!text.isEmpty()
        && text.length() <= 18
        && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return reply.at().plus(bounded(Duration.ofSeconds(Long.parseLong(text))));
    }
    Instant date = date(text);
    if (date == null) {
      return null;
    }
    return reply.at().plus(bounded(Duration.between(servedAt(reply), date)));
  }

  /** By the server's own clock where the answer has a Date, else by ours. */
  public static Instant servedAt(HttpReply reply) {
    Instant served = date(reply.header("date"));
    return served == null ? reply.at() : served;
  }

  private static @Nullable Instant date(@Nullable String text) {
    try {
      return text == null
          ? null
          : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** A number of seconds, whole or not; a fraction is rounded up. Null if it is none. */
  public static @Nullable Duration seconds(JsonNode node) {
    if (!node.isNumber() || Double.isNaN(node.doubleValue())) {
      return null;
    }
    double seconds = Math.ceil(Math.min(node.doubleValue(), (double) LONGEST.toSeconds()));
    return bounded(Duration.ofSeconds((long) seconds));
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
