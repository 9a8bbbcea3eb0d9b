package io.countermand.venues;

import java.net.URI;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The way to a venue's HTTP server and what each request carries beside the venue's own headers.
 *
 * @param proxy like http://proxy.example:3128; null: none
 * @param proxyLogin user:password of the proxy; null: it asks for none
 * @param headers by name; win over those of the adapter, User-Agent included
 * @param traceparent whether requests of a traced cancel carry W3C trace context: it tells the
 *     venue which of our cancels belong together, so only if it is switched on
 * @param tls whom to trust and what to show; null: as the JDK does
 */
public record HttpSettings(
    @Nullable URI proxy,
    @Nullable Secret proxyLogin,
    Map<String, String> headers,
    boolean traceparent,
    @Nullable SSLContext tls) {

  public static final HttpSettings DEFAULT = new HttpSettings(null, null, Map.of(), false, null);

  public HttpSettings {
    headers = Map.copyOf(headers);
  }

  public HttpSettings(
      @Nullable URI proxy,
      @Nullable Secret proxyLogin,
      Map<String, String> headers,
      boolean traceparent) {
    this(proxy, proxyLogin, headers, traceparent, null);
  }
}
