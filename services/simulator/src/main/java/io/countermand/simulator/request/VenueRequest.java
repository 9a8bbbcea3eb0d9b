package io.countermand.simulator.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request asks of a venue, over whichever transport it came.
 *
 * @param op the venue's name for it; "" for nothing that the venue knows
 * @param orderId the order's id in the book; null if none is named
 * @param bearer the token; null if there is none
 * @param request method and path, or the WebSocket operation
 * @param traceparent the HTTP header as it came; null if there is none
 * @param safeBody the body without its secrets
 */
public record VenueRequest(
    CallKind kind,
    String op,
    String venue,
    @Nullable String account,
    @Nullable String orderId,
    @Nullable String bearer,
    Map<String, String> query,
    JsonNode body,
    String request,
    @Nullable String traceparent,
    String safeBody) {}
