package io.countermand.door;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.countermand.client.CancelClient;
import io.countermand.client.CancelDraft;
import io.countermand.events.OrderKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code POST /v1/cancels}; the names are the intent's. */
final class CancelBody {

  private static final Set<String> NAMES =
      Set.of(
          "venue",
          "account",
          "orderId",
          "orderName",
          "strategyId",
          "clOrdId",
          "within",
          "override",
          "isAutomated",
          "priority",
          "reason",
          "trader",
          "desk",
          "algorithm",
          "client");

  private static final Duration LONGEST = Duration.ofDays(365);

  private static final ObjectReader JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final JsonNode body;

  private CancelBody(JsonNode body) {
    this.body = body;
  }

  /**
   * @throws Refusal that says what is wrong
   */
  static CancelBody read(byte[] bytes) {
    JsonNode body;
    try {
      body = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw Refusal.badRequest("the body is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw Refusal.badRequest("the body is no text in UTF-8");
    }
    if (body == null || !body.isObject()) {
      throw Refusal.badRequest("the body is no JSON object");
    }
    for (Map.Entry<String, JsonNode> each : body.properties()) {
      if (!NAMES.contains(each.getKey())) {
        throw Refusal.badRequest(
            "no field '"
                + shortened(each.getKey())
                + "'; there are "
                + NAMES.stream().sorted().toList());
      }
    }
    return new CancelBody(body);
  }

  /**
   * @throws Refusal where a part is missing
   */
  OrderKey order() {
    String name = text("orderName");
    String id = text("orderId");
    if (id == null && name == null) {
      throw Refusal.badRequest("orderId is missing (or orderName, with strategyId)");
    }
    return new OrderKey(
        required("venue"),
        required("account"),
        id == null ? String.valueOf(name) : id,
        name,
        name == null ? null : text("strategyId"));
  }

  /**
   * @throws Refusal where a field makes no sense
   */
  CancelDraft draft(CancelClient client, OrderKey order) {
    CancelDraft draft =
        client
            .cancel(order)
            .strategyId(text("strategyId"))
            .clOrdId(text("clOrdId"))
            .override(flag("override"))
            .automated(flag("isAutomated"));
    Duration within = within();
    if (within != null) {
      draft.within(within);
    }
    JsonNode priority = field("priority");
    if (priority != null) {
      if (!priority.isInt()) {
        throw Refusal.badRequest("priority must be a whole number");
      }
      draft.priority(priority.intValue());
    }
    given("reason", draft::because);
    given("trader", draft::trader);
    given("desk", draft::desk);
    given("algorithm", draft::algorithm);
    given("client", draft::client);
    return draft;
  }

  private void given(String name, Function<String, CancelDraft> set) {
    String text = text(name);
    if (text != null) {
      var _ = set.apply(text);
    }
  }

  private @Nullable Duration within() {
    JsonNode seconds = field("within");
    if (seconds == null) {
      return null;
    }
    if (!seconds.isNumber()
        || seconds.doubleValue() < 0.001
        || seconds.doubleValue() > LONGEST.toSeconds()) {
      throw Refusal.badRequest("within must be seconds, from 0.001 to " + LONGEST.toSeconds());
    }
    return Duration.ofMillis((long) (seconds.doubleValue() * 1000));
  }

  private String required(String name) {
    String text = text(name);
    if (text == null || text.isBlank()) {
      throw Refusal.badRequest(name + " is missing");
    }
    return text;
  }

  /** Null where it is not given. */
  private @Nullable String text(String name) {
    JsonNode value = field(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw Refusal.badRequest(
          name + " must be text" + (value.isNumber() ? ": beyond 2^53 numbers lose digits" : ""));
    }
    return value.textValue();
  }

  private boolean flag(String name) {
    JsonNode value = field(name);
    if (value != null && !value.isBoolean()) {
      throw Refusal.badRequest(name + " must be true or false");
    }
    return value != null && value.booleanValue();
  }

  private @Nullable JsonNode field(String name) {
    JsonNode value = body.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
