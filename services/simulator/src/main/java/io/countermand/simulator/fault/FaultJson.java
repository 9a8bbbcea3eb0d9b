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

  private FaultJson() {}

  /**
   * @throws IllegalArgumentException saying what is wrong
   */
  static FaultRule rule(JsonNode node) {
    var faults = new ArrayList<Fault>();
    node.path("faults").forEach(each -> faults.add(fault(each)));
    return new FaultRule(
        SimulatorJson.text(node, "venue"),
        SimulatorJson.text(node, "orderId"),
        kinds(node.path("kinds")),
        node.path("times").asInt(Integer.MAX_VALUE),
        node.path("probability").asDouble(1),
        faults);
  }

  static Fault fault(JsonNode node) {
    boolean effect = node.path("effect").asBoolean(false);
    int status = node.path("status").asInt(500);
    return switch (node.path("fault").asText()) {
      case "delay" -> new Fault.Delay(millis(node, "millis", 1_000));
      case "no-answer" -> new Fault.NoAnswer(effect, millis(node, "millis", 30_000));
      case "reset" -> new Fault.Reset(effect);
      case "server-error" -> new Fault.ServerError(effect, status);
      case "too-many" -> new Fault.TooMany(SimulatorJson.text(node, "retryAfter"));
      case "unauthorized" -> new Fault.Unauthorized();
      case "ticket" ->
          new Fault.Ticket(node.path("seconds").asInt(60), node.path("captcha").asBoolean(false));
      case "lock-out" -> new Fault.LockOut();
      case "filled-first" -> new Fault.FilledFirst();
      case "say" ->
          new Fault.Say(
              effect,
              node.path("status").asInt(200),
              node.path("contentType").asText(HttpAnswer.JSON),
              node.path("body").asText());
      case "garbled" -> new Fault.Garbled(garbling(node.path("how").asText()));
      case "twice" -> new Fault.Twice();
      case "overtaken" -> new Fault.Overtaken();
      default -> throw new IllegalArgumentException("no such fault: " + node.path("fault"));
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
    return new FeedScript(
        Latency.parse(node.path("delay").asText("0ms")),
        node.path("drop").asDouble(0),
        node.path("duplicate").asDouble(0),
        node.path("reorder").asDouble(0));
  }

  private static Garbling garbling(String how) {
    return Garbling.valueOf(how.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static Set<CallKind> kinds(JsonNode names) {
    if (names.isMissingNode()) {
      return FaultRule.ORDERS;
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
