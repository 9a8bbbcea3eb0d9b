package io.countermand.venues.http.transport;

import io.countermand.domain.TraceContext;
import io.countermand.domain.order.OrderRef;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request, without its authentication.
 *
 * @param path appended to the base URL; already encoded, begins with a slash or is empty
 * @param headers without Authorization
 * @param body null: no body and no Content-Type
 * @param most bytes of the answer's body that are read
 */
public record HttpCall(
    String method, String path, Map<String, String> headers, @Nullable String body, int most) {

  /** Bytes of a body that are read; a longer one is no answer. */
  static final int MOST = 256 * 1024;

  /** Of a list of orders. */
  private static final int MOST_OF_A_LIST = 16 << 20;

  public HttpCall(String method, String path, Map<String, String> headers, @Nullable String body) {
    this(method, path, headers, body, MOST);
  }

  public static HttpCall get(String path) {
    return new HttpCall("GET", path, Map.of(), null);
  }

  /** Of a list, whose answer may be long. */
  public static HttpCall list(String path) {
    return new HttpCall("GET", path, Map.of(), null, MOST_OF_A_LIST);
  }

  public static HttpCall postJson(String path, String body) {
    return new HttpCall("POST", path, Map.of("Content-Type", "application/json"), body);
  }

  /** One of many orders, whose answer may be long. */
  public static HttpCall allOf(String path, String body) {
    return new HttpCall(
        "POST", path, Map.of("Content-Type", "application/json"), body, MOST_OF_A_LIST);
  }

  /**
   * With a header traceparent. Not with tracestate: what tracing systems keep there of their own is
   * none of the venue's business.
   */
  public HttpCall traced(@Nullable TraceContext trace) {
    if (trace == null) {
      return this;
    }
    Map<String, String> more = new HashMap<>(headers);
    more.put("traceparent", trace.traceparent());
    return new HttpCall(method, path, Map.copyOf(more), body, most);
  }

  /** One path segment or query value, percent-encoded so that it cannot change the URL. */
  public static String encode(String part) {
    return OrderRef.encode(part);
  }
}
