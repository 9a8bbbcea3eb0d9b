package io.countermand.venues.tradovate;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.venues.http.transport.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Tradovate's WebSocket framing: {@code o} open, {@code h} heartbeat, {@code a[…]} messages, {@code
 * c[…]} closing; a request is {@code endpoint\nid\nquery\nbody}.
 */
final class Frames {

  /** The client's heartbeat, due each 2.5 s. */
  static final String HEARTBEAT = "[]";

  sealed interface Frame {
    record Open() implements Frame {}

    record Heartbeat() implements Frame {}

    record Messages(List<JsonNode> messages) implements Frame {}

    record Close(String why) implements Frame {}

    /** Nothing that we know. */
    record Other() implements Frame {}
  }

  private Frames() {}

  static Frame read(String text) {
    if (text.isEmpty()) {
      return new Frame.Other();
    }
    return switch (text.charAt(0)) {
      case 'o' -> new Frame.Open();
      case 'h' -> new Frame.Heartbeat();
      case 'c' -> new Frame.Close(text.substring(1));
      case 'a' -> {
        JsonNode array = Json.parse(text.substring(1).getBytes(StandardCharsets.UTF_8));
        List<JsonNode> messages = new ArrayList<>();
        if (array.isArray()) {
          array.forEach(messages::add);
        }
        yield array.isArray() ? new Frame.Messages(messages) : new Frame.Other();
      }
      default -> new Frame.Other();
    };
  }

  static String request(String endpoint, long id, String body) {
    return endpoint + "\n" + id + "\n\n" + body;
  }
}
