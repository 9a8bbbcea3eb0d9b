package io.countermand.venues.http.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.domain.order.Facts;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON that a server may have garbled: every accessor gives null rather than a guess. */
public final class Json {

  public static final JsonNode MISSING = MissingNode.getInstance();

  /** Duplicate names and trailing tokens make a text unreadable: which half would be true? */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNumberLength(100)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final Pattern PLAIN = Pattern.compile("\\d{1,20}(\\.\\d{1,20})?");
  private static final long YEAR_2000 = 946_684_800_000L;
  private static final long YEAR_2200 = 7_258_118_400_000L;

  private Json() {}

  public static JsonNode parse(byte[] text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      return node == null ? MISSING : node;
    } catch (IOException | RuntimeException e) {
      // Unreadable, or past a limit; an exponent past int's range is a NumberFormatException.
      return MISSING;
    }
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static String write(JsonNode node) {
    return node.toString();
  }

  public static boolean isTrue(JsonNode node) {
    return node.isBoolean() && node.booleanValue();
  }

  public static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.booleanValue();
  }

  /** Absent or null. */
  public static boolean isNothing(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** A string; null for anything else. */
  public static @Nullable String text(JsonNode node) {
    return node.isTextual() ? node.textValue() : null;
  }

  /** A string or a whole number as text; ids are sent as either. */
  public static @Nullable String id(JsonNode node) {
    Long number = integer(node);
    return number != null ? Long.toString(number) : text(node);
  }

  public static @Nullable Long integer(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
  }

  /** A quantity, as number or plain string: not negative, within the bounds of {@link Facts}. */
  public static @Nullable BigDecimal quantity(JsonNode node) {
    if (node.isNumber()) {
      return Facts.quantity(node.decimalValue());
    }
    String text = text(node);
    return text != null && PLAIN.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  /** Milliseconds since 1970, or an ISO 8601 time with its zone. */
  public static @Nullable Instant time(JsonNode node) {
    Long millis = integer(node);
    if (millis != null) {
      return millis >= YEAR_2000 && millis < YEAR_2200 ? Instant.ofEpochMilli(millis) : null;
    }
    String text = text(node);
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
