package io.countermand.door.oidc;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Asks an issuer for its keys: OpenID Connect Discovery 1.0, then its JWK set. Follows no redirect,
 * takes no more than 256 KiB, and waits no longer than five seconds for either. Thread-safe.
 */
public final class Issuer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long LARGEST = 256 * 1024;
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final String name;
  private final HttpClient http;

  /** Asks nothing yet. */
  public Issuer(OidcSettings settings) {
    name = settings.issuer();
    HttpClient.Builder builder =
        HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER);
    if (settings.tls() != null) {
      builder.sslContext(settings.tls());
    }
    http = builder.build();
  }

  /** Whether the URL is https, or of this machine, where nobody is in between. */
  public static boolean secure(URI url) {
    return url.getHost() != null
        && ("https".equalsIgnoreCase(url.getScheme())
            || ("http".equalsIgnoreCase(url.getScheme()) && LOOPBACK.contains(url.getHost())));
  }

  /**
   * How many keys it has that signatures can be checked with.
   *
   * @throws IssuerException that says what is wrong
   */
  public int look() throws IssuerException, InterruptedException {
    return keys().size();
  }

  KeySet keys() throws IssuerException, InterruptedException {
    String base = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    URI discovery = URI.create(base + DISCOVERY);
    Map<String, Object> described = json(discovery, get(discovery));
    if (!name.equals(described.get("issuer"))) {
      throw new IssuerException(
          discovery
              + " is of another issuer than door.oidc.issuer "
              + name
              + ": its `issuer` must be the same, character for character, a slash at the end, too",
          null);
    }
    URI keys = keys(discovery, described.get("jwks_uri"));
    String body = get(keys);
    try {
      return KeySet.parse(body);
    } catch (JoseException | RuntimeException e) { // the latter of the library's casts
      throw new IssuerException(keys + " is no JWK set; is it really the issuer's?", e);
    }
  }

  private static URI keys(URI discovery, @Nullable Object given) throws IssuerException {
    try {
      URI keys = URI.create(Objects.toString(given, ""));
      if (secure(keys)
          && ("https".equalsIgnoreCase(keys.getScheme())
              || "http".equalsIgnoreCase(discovery.getScheme()))) {
        return keys;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new IssuerException(
        discovery + " names no jwks_uri that is an https URL; it is the issuer's to mend", null);
  }

  private static Map<String, Object> json(URI url, String body) throws IssuerException {
    try {
      return JsonUtil.parseJson(body);
    } catch (JoseException e) {
      throw new IssuerException(url + " is no JSON object; is door.oidc.issuer right?", e);
    }
  }

  private String get(URI url) throws IssuerException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url).timeout(PATIENCE).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<byte[]>> asked =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      // The request's own timeout ends with the headers.
      HttpResponse<byte[]> answer = asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.statusCode() != 200) {
        throw new IssuerException(
            url + " answered " + answer.statusCode() + "; is door.oidc.issuer right?", null);
      }
      return new String(answer.body(), StandardCharsets.UTF_8);
    } catch (TimeoutException e) {
      throw new IssuerException(
          url + " did not answer within " + PATIENCE.toSeconds() + " s; is it running?", e);
    } catch (ExecutionException e) {
      throw new IssuerException(
          url
              + " cannot be asked ("
              + e.getCause()
              + "); is it running, may this machine connect to it, and is its certificate of an"
              + " authority that is known here (door.oidc.authorities)?",
          e);
    } finally {
      asked.cancel(true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
