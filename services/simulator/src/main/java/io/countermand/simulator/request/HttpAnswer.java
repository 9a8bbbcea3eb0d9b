package io.countermand.simulator.request;

import java.util.Map;

/** An HTTP answer; over a WebSocket only its body counts. */
public record HttpAnswer(int status, String contentType, Map<String, String> headers, String body) {

  public static final String JSON = "application/json";

  /** The status that turns a request into a WebSocket. */
  public static final int UPGRADE = 101;

  public static HttpAnswer json(int status, String body) {
    return new HttpAnswer(status, JSON, Map.of(), body);
  }

  public HttpAnswer withHeader(String name, String value) {
    return new HttpAnswer(status, contentType, Map.of(name, value), body);
  }

  public HttpAnswer withBody(String body) {
    return new HttpAnswer(status, contentType, headers, body);
  }

  public HttpAnswer withContentType(String contentType) {
    return new HttpAnswer(status, contentType, headers, body);
  }
}
