package io.countermand.venues.http.transport;

import io.countermand.venues.HttpSettings;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** The JDK's HTTP client as the settings want it, and the headers that go with it. */
public final class HttpClients {

  static {
    // The JDK sends no Basic login to a proxy when tunnelling, unless told so before its first use.
    String key = "jdk.http.auth.tunneling.disabledSchemes";
    if (System.getProperty(key) == null) {
      System.setProperty(key, "");
    }
  }

  private HttpClients() {}

  /** HTTP/1.1, without redirects; through the proxy, if there is one. */
  public static HttpClient.Builder builder(HttpSettings settings, Duration connectTimeout) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout);
    SSLContext tls = settings.tls();
    if (tls != null) {
      builder.sslContext(tls);
    }
    URI proxy = settings.proxy();
    if (proxy != null) {
      builder.proxy(
          ProxySelector.of(InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort())));
    }
    return builder;
  }

  /** What every request and handshake carries, to be set last. */
  public static Map<String, String> headers(HttpSettings settings) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", "countermand");
    settings.headers().forEach(headers::put);
    if (settings.proxy() != null && settings.proxyLogin() != null) {
      // Not by an Authenticator: with one the JDK takes a venue's 401 for a failure of its own.
      byte[] login = settings.proxyLogin().reveal().getBytes(StandardCharsets.UTF_8);
      headers.put("Proxy-Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
    }
    return headers;
  }
}
