package io.countermand.simulator;

import java.util.Map;

/** An HTTP answer; over a WebSocket only its body counts. */
record Answer(int status, String contentType, Map<String, String> headers, String body) {

  static final String JSON = "application/json";

  /** The status that turns a request into a WebSocket. */
  static final int UPGRADE = 101;

  static Answer json(int status, String body) {
    return new Answer(status, JSON, Map.of(), body);
  }

  Answer withHeader(String name, String value) {
    return new Answer(status, contentType, Map.of(name, value), body);
  }

  Answer withBody(String body) {
    return new Answer(status, contentType, headers, body);
  }

  Answer withContentType(String contentType) {
    return new Answer(status, contentType, headers, body);
  }
}
