package io.countermand.simulator.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request to an instance.
 *
 * @param path the decoded segments after the instance's name
 * @param target method and raw path, for the journal
 * @param webSocket whether it asks for an upgrade
 * @param traceparent the header as it came; null if there is none
 * @param bearer the token of an {@code Authorization: Bearer} header; null if there is none
 */
public record Incoming(
    String venue,
    String method,
    List<String> path,
    String target,
    Map<String, String> query,
    @Nullable String bearer,
    String contentType,
    boolean webSocket,
    @Nullable String traceparent,
    String body) {

  public boolean is(String method, String... path) {
    return this.method.equals(method) && this.path.equals(List.of(path));
  }

  public JsonNode json() {
    return SimulatorJson.parse(body);
  }

  public VenueRequest ask(
      CallKind kind, String op, @Nullable String account, @Nullable String orderId) {
    return ask(kind, op, account, orderId, body);
  }

  /** For a body that holds a secret. */
  public VenueRequest ask(
      CallKind kind,
      String op,
      @Nullable String account,
      @Nullable String orderId,
      String safeBody) {
    return new VenueRequest(
        kind, op, venue, account, orderId, bearer, query, json(), target, traceparent, safeBody);
  }
}
