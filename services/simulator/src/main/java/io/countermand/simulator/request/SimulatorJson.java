package io.countermand.simulator.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON as the simulator reads and writes it. */
public final class SimulatorJson {

  public static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private SimulatorJson() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The value, or a missing node if the text is not JSON. */
  public static JsonNode parse(String text) {
    try {
      var node = MAPPER.readTree(text);
      return node == null ? MissingNode.getInstance() : node;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  /** A string field; null if it is absent or no string. */
  static @Nullable public String text(JsonNode node, String field) {
    var value = node.path(field);
    return value.isTextual() ? value.textValue() : null;
  }

  /**
   * Lets nothing pass that nobody reads: a misspelt field would change what was meant.
   *
   * @param what for people, such as "a fault rule"
   * @throws IllegalArgumentException if it is no object, or has another field
   */
  public static void only(JsonNode node, String what, Collection<String> fields) {
    String may = "; it may have " + String.join(", ", fields);
    if (!node.isObject()) {
      throw new IllegalArgumentException(what + " must be an object" + may);
    }
    List<String> unknown = new ArrayList<>();
    node.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(fields);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(what + " has no " + String.join(", ", unknown) + may);
    }
  }

  /** The text as a JSON string, with its quotes. */
  public static String quote(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }

  public static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
