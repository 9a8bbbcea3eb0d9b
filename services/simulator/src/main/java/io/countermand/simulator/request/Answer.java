package io.countermand.simulator.request;

import java.util.Map;

/** An HTTP answer; over a WebSocket only its body counts. */
public record Answer(int status, String contentType, Map<String, String> headers, String body) {

  public static final String JSON = "application/json";

  /** The status that turns a request into a WebSocket. */
  public static final int UPGRADE = 101;

  public static Answer json(int status, String body) {
    return new Answer(status, JSON, Map.of(), body);
  }

  public Answer withHeader(String name, String value) {
    return new Answer(status, contentType, Map.of(name, value), body);
  }

  public Answer withBody(String body) {
    return new Answer(status, contentType, headers, body);
  }

  public Answer withContentType(String contentType) {
    return new Answer(status, contentType, headers, body);
  }
}
