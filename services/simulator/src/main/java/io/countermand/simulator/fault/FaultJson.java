package io.countermand.simulator.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.simulator.options.FeedScript;
import io.countermand.simulator.options.Latency;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.SimulatorJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Fault rules and feed scripts as JSON: {@code
 * {"venue":"crosstrade","orderId":"…","kinds":["CANCEL"],
 * "times":3,"probability":0.1,"faults":[{"fault":"reset","effect":true}]}}; all but {@code faults}
 * optional.
 */
public final class FaultJson {

  private static final List<String> RULE =
      List.of("venue", "orderId", "kinds", "times", "probability", "faults");
  private static final List<String> FEED = List.of("delay", "drop", "duplicate", "reorder");

  private FaultJson() {}

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static FaultRule rule(JsonNode node) {
    SimulatorJson.only(node, "a fault rule", RULE);
    if (!node.path("faults").isArray()) {
      throw new IllegalArgumentException("faults must be a list, and is " + node.path("faults"));
    }
    var faults = new ArrayList<Fault>();
    node.path("faults").forEach(each -> faults.add(fault(each)));
    return new FaultRule(
        SimulatorJson.text(node, "venue"),
        SimulatorJson.text(node, "orderId"),
        kinds(node.path("kinds")),
        whole(node, "times", Integer.MAX_VALUE),
        share(node, "probability", 1),
        faults);
  }

  private static int whole(JsonNode node, String field, int otherwise) {
    JsonNode value = node.path(field);
    if (!value.isMissingNode() && !value.canConvertToInt()) {
      throw new IllegalArgumentException(field + " must be a whole number, and is " + value);
    }
    return value.asInt(otherwise);
  }

  private static boolean flag(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new IllegalArgumentException(field + " must be true or false, and is " + value);
    }
    return value.asBoolean(false);
  }

  private static double share(JsonNode node, String field, double otherwise) {
    JsonNode value = node.path(field);
    if (!value.isMissingNode()
        && !(value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
      throw new IllegalArgumentException(field + " must be 0 to 1, and is " + value);
    }
    return value.asDouble(otherwise);
  }

  static Fault fault(JsonNode node) {
    String name = node.path("fault").asText();
    SimulatorJson.only(node, "the fault " + name, fields(name));
    boolean effect = flag(node, "effect");
    int status = whole(node, "status", 500);
    return switch (name) {
      case "delay" -> new Fault.Delay(millis(node, "millis", 1_000));
      case "no-answer" -> new Fault.NoAnswer(effect, millis(node, "millis", 30_000));
      case "reset" -> new Fault.Reset(effect);
      case "server-error" -> new Fault.ServerError(effect, status);
      case "too-many" -> new Fault.TooMany(SimulatorJson.text(node, "retryAfter"));
      case "unauthorized" -> new Fault.Unauthorized();
      case "ticket" -> new Fault.Ticket(whole(node, "seconds", 60), flag(node, "captcha"));
      case "lock-out" -> new Fault.LockOut();
      case "filled-first" -> new Fault.FilledFirst();
      case "say" ->
          new Fault.Say(
              effect,
              whole(node, "status", 200),
              node.path("contentType").asText(HttpAnswer.JSON),
              node.path("body").asText());
      case "garbled" -> new Fault.Garbled(garbling(node.path("how").asText()));
      case "twice" -> new Fault.Twice();
      case "overtaken" -> new Fault.Overtaken();
      default -> throw new IllegalArgumentException("no such fault: " + node.path("fault"));
    };
  }

  private static List<String> fields(String fault) {
    return switch (fault) {
      case "delay" -> List.of("fault", "millis");
      case "no-answer" -> List.of("fault", "effect", "millis");
      case "reset" -> List.of("fault", "effect");
      case "server-error" -> List.of("fault", "effect", "status");
      case "too-many" -> List.of("fault", "retryAfter");
      case "ticket" -> List.of("fault", "seconds", "captcha");
      case "say" -> List.of("fault", "effect", "status", "contentType", "body");
      case "garbled" -> List.of("fault", "how");
      default -> List.of("fault");
    };
  }

  /** What is left of a rule; its faults by label. */
  public static ObjectNode node(FaultRule rule) {
    var node =
        SimulatorJson.object()
            .put("venue", rule.venue())
            .put("orderId", rule.orderId())
            .put("times", rule.times())
            .put("probability", rule.probability());
    var faults = node.putArray("faults");
    rule.faults().forEach(fault -> faults.add(fault.label()));
    return node;
  }

  public static FeedScript feed(JsonNode node) {
    SimulatorJson.only(node, "a feed's script", FEED);
    return new FeedScript(
        Latency.parse(node.path("delay").asText("0ms")),
        share(node, "drop", 0),
        share(node, "duplicate", 0),
        share(node, "reorder", 0));
  }

  private static Garbling garbling(String how) {
    return Garbling.valueOf(how.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static Set<CallKind> kinds(JsonNode names) {
    if (names.isMissingNode()) {
      return FaultRule.ORDERS;
    }
    if (!names.isArray()) {
      throw new IllegalArgumentException("kinds must be a list, and is " + names);
    }
    var kinds = EnumSet.noneOf(CallKind.class);
    names.forEach(name -> kinds.add(CallKind.valueOf(name.asText())));
    return kinds;
  }

  private static Duration millis(JsonNode node, String field, long otherwise) {
    return Duration.ofMillis(node.path(field).asLong(otherwise));
  }

  public static List<FaultRule> rules(JsonNode body) {
    var rules = new ArrayList<FaultRule>();
    if (body.isArray()) {
      body.forEach(each -> rules.add(rule(each)));
    } else {
      rules.add(rule(body));
    }
    return rules;
  }
}
