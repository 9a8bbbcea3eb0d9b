package io.countermand.simulator.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.journal.JournalEntry.Answered;
import io.countermand.simulator.journal.JournalEntry.Changed;
import io.countermand.simulator.journal.JournalEntry.Received;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.SimulatorJson;
import java.io.IOException;

/** Journal entries as JSON objects; times are UTC microseconds. */
public final class JournalJson {

  private JournalJson() {}

  static String write(JournalEntry entry) {
    return node(entry).toString();
  }

  public static ObjectNode node(JournalEntry entry) {
    var node =
        SimulatorJson.object().put("seq", entry.seq()).put("at", SimulatorJson.micros(entry.at()));
    return switch (entry) {
      case Received received ->
          node.put("entry", "received")
              .put("call", received.call())
              .put("kind", received.kind().name())
              .put("venue", received.venue())
              .put("account", received.account())
              .put("orderId", received.orderId())
              .put("request", received.request())
              .put("traceparent", received.traceparent())
              .put("body", received.body());
      case Answered answered ->
          node.put("entry", "answered")
              .put("call", answered.call())
              .put("effect", answered.effect().name())
              .put("fault", answered.fault())
              .put("status", answered.status())
              .put("answer", answered.answer());
      case Changed changed ->
          node.put("entry", "changed")
              .put("cause", changed.cause())
              .put("call", changed.call())
              .set("order", OrderJson.node(changed.order()));
    };
  }

  static JournalEntry read(String line) throws IOException {
    try {
      return read(SimulatorJson.MAPPER.readTree(line));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException("not a journal line: " + line, e);
    }
  }

  private static JournalEntry read(JsonNode node) {
    long seq = node.path("seq").longValue();
    var at = SimulatorJson.instant(node.path("at").longValue());
    long call = node.path("call").longValue();
    return switch (node.path("entry").asText()) {
      case "received" ->
          new Received(
              seq,
              at,
              call,
              CallKind.valueOf(node.path("kind").asText()),
              node.path("venue").asText(),
              SimulatorJson.text(node, "account"),
              SimulatorJson.text(node, "orderId"),
              node.path("request").asText(),
              SimulatorJson.text(node, "traceparent"),
              node.path("body").asText());
      case "answered" ->
          new Answered(
              seq,
              at,
              call,
              Effect.valueOf(node.path("effect").asText()),
              SimulatorJson.text(node, "fault"),
              node.path("status").intValue(),
              node.path("answer").asText());
      case "changed" ->
          new Changed(
              seq, at, OrderJson.read(node.path("order")), node.path("cause").asText(), call);
      default -> throw new IllegalArgumentException("unknown entry");
    };
  }
}
