package io.countermand.app.config;

import io.countermand.venues.HttpSettings;
import io.countermand.venues.Secret;
import io.countermand.venues.http.transport.TlsContext;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The keys of a venue that say how its server is reached. */
final class VenueHttpKeys {

  /** What the adapters and the client set themselves. */
  private static final Set<String> OURS =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "content-type",
          "expect",
          "host",
          "proxy-authorization",
          "traceparent",
          "transfer-encoding",
          "upgrade");

  private VenueHttpKeys() {}

  /**
   * @param called whether to look the proxy's login up
   */
  static HttpSettings read(ConfigSection venue, Map<String, String> environment, boolean called) {
    URI proxy =
        venue
            .find(
                "proxy",
                "allowed: like http://host:3128, without user, path or query",
                VenueHttpKeys::proxy)
            .orElse(null);
    ConfigSection login = venue.in("proxy-login");
    var secrets = new SecretSource(login, environment);
    Optional<String> variable = login.find("env", "allowed: a variable's name", text -> text);
    Optional<String> file = login.find("file", "allowed: a path", text -> text);
    Optional<String> secret =
        !called
            ? Optional.empty()
            : variable.isPresent()
                ? secrets.variable("env", variable.get())
                : file.flatMap(path -> secrets.file("file", path));
    boolean traceparent =
        venue.value(
            "traceparent",
            false,
            "allowed: true or false",
            text -> {
              if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException("neither");
              }
              return text.equals("true");
            });
    return new HttpSettings(
        proxy,
        secret.map(text -> Secret.of(text.strip())).orElse(null),
        headers(venue.in("headers")),
        traceparent,
        tls(venue.in("tls"), environment, called));
  }

  private static @Nullable SSLContext tls(
      ConfigSection tls, Map<String, String> environment, boolean called) {
    Optional<Path> authorities = tls.find("authorities", "allowed: a path", Path::of);
    Optional<Path> client = tls.find("client", "allowed: a path", Path::of);
    ConfigSection password = tls.in("client-password");
    var secrets = new SecretSource(password, environment);
    Optional<String> variable = password.find("env", "allowed: a variable's name", text -> text);
    Optional<String> file = password.find("file", "allowed: a path", text -> text);
    if (!called || (authorities.isEmpty() && client.isEmpty())) {
      return null;
    }
    Optional<String> secret =
        variable.isPresent()
            ? secrets.variable("env", variable.get())
            : file.flatMap(path -> secrets.file("file", path));
    try {
      return TlsContext.of(
          authorities.orElse(null),
          client.orElse(null),
          secret.map(text -> Secret.of(text.strip())).orElse(null));
    } catch (IllegalArgumentException e) {
      tls.problem(
          authorities.isPresent() ? "authorities" : "client",
          String.valueOf(e.getMessage()),
          "authorities: certificates in PEM; client: PKCS #12 with its client-password");
      return null;
    }
  }

  private static URI proxy(String text) {
    URI url = ValueParsers.url(text, List.of("http"));
    if (url.getPort() < 0 || !(url.getPath().isEmpty() || url.getPath().equals("/"))) {
      throw new IllegalArgumentException("no port, or a path");
    }
    return url;
  }

  private static Map<String, String> headers(ConfigSection section) {
    section.layers().mayHoldAny(section.prefix());
    Map<String, String> headers = new TreeMap<>();
    for (String name : section.layers().names(section.prefix()).keySet()) {
      if (!name.matches("[A-Za-z0-9-]{1,100}") || OURS.contains(name.toLowerCase(Locale.ROOT))) {
        section.problem(name, "no header that can be set", "leave it to the adapter");
        continue;
      }
      section
          .find(
              name,
              "allowed: printable ASCII, at most 1000 characters",
              text -> {
                if (!text.matches("[ -~]{1,1000}")) {
                  throw new IllegalArgumentException("does not match");
                }
                return text;
              })
          .ifPresent(value -> headers.put(name, value));
    }
    return headers;
  }
}
