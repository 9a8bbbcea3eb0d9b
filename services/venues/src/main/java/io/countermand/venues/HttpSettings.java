package io.countermand.venues;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way to a venue's HTTP server and what each request carries beside the venue's own headers.
 *
 * @param proxy like http://proxy.example:3128; null: none
 * @param proxyLogin user:password of the proxy; null: it asks for none
 * @param headers by name; win over those of the adapter, User-Agent included
 * @param traceparent whether requests of a traced cancel carry W3C trace context: it tells the
 *     venue which of our cancels belong together, so only if it is switched on
 */
public record HttpSettings(
    @Nullable URI proxy,
    @Nullable Secret proxyLogin,
    Map<String, String> headers,
    boolean traceparent) {

  public static final HttpSettings DEFAULT = new HttpSettings(null, null, Map.of(), false);

  public HttpSettings {
    headers = Map.copyOf(headers);
  }
}
