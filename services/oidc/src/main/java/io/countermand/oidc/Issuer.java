package io.countermand.oidc;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Asks an issuer: OpenID Connect Discovery 1.0, its JWK set, and its token endpoint. Follows no
 * redirect, takes no more than 256 KiB, and waits no longer than five seconds for each.
 * Thread-safe.
 */
public final class Issuer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long LARGEST = 256 * 1024;
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final String name;
  private final String keys;
  private final HttpClient http;

  /** What it said of itself when its keys were asked for last; null: it did not yet. */
  private volatile @Nullable Map<String, Object> described;

  /**
   * An answer of its token endpoint.
   *
   * @param body bounded, and of whatever kind
   */
  record Answer(int status, String body) {}

  /** For tokens of callers; asks nothing yet. */
  public Issuer(OidcSettings settings) {
    this(settings.issuer(), settings.tls(), "door.oidc");
  }

  /** For people who sign in; asks nothing yet. */
  public Issuer(ClientSettings settings) {
    this(settings.issuer(), settings.tls(), "console.oidc");
  }

  /**
   * @param keys below which it is configured, for messages
   */
  private Issuer(String name, @Nullable SSLContext tls, String keys) {
    this.name = name;
    this.keys = keys;
    HttpClient.Builder builder =
        HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER);
    if (tls != null) {
      builder.sslContext(tls);
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
    Map<String, Object> told = json(discovery, get(discovery));
    if (!name.equals(told.get("issuer"))) {
      throw new IssuerException(
          discovery
              + " is of another issuer than "
              + keys
              + ".issuer "
              + name
              + ": its `issuer` must be the same, character for character, a slash at the end, too",
          null);
    }
    URI url = endpoint(told, "jwks_uri");
    String body = get(url);
    try {
      KeySet set = KeySet.parse(body);
      described = told;
      return set;
    } catch (JoseException | RuntimeException e) { // the latter of the library's casts
      throw new IssuerException(url + " is no JWK set; is it really the issuer's?", e);
    }
  }

  /** What it said of itself; empty: it did not yet. */
  Map<String, Object> described() {
    Map<String, Object> told = described;
    return told == null ? Map.of() : told;
  }

  /**
   * Where it is asked for that.
   *
   * @param name as discovery has it
   * @throws IssuerException if it does not say, or says something that is not safe
   */
  URI endpoint(Map<String, Object> told, String name) throws IssuerException {
    try {
      URI url = URI.create(Objects.toString(told.get(name), ""));
      if (secure(url)
          && url.getRawFragment() == null
          && ("https".equalsIgnoreCase(url.getScheme())
              || this.name.toLowerCase(Locale.ROOT).startsWith("http:"))) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new IssuerException(
        this.name
            + DISCOVERY
            + " names no "
            + name
            + " that is an https URL; it is the issuer's to mend",
        null);
  }

  private Map<String, Object> json(URI url, String body) throws IssuerException {
    try {
      return JsonUtil.parseJson(body);
    } catch (JoseException e) {
      throw new IssuerException(url + " is no JSON object; is " + keys + ".issuer right?", e);
    }
  }

  private String get(URI url) throws IssuerException, InterruptedException {
    Answer answer = ask(url, HttpRequest.newBuilder(url));
    if (answer.status() != 200) {
      throw new IssuerException(
          url + " answered " + answer.status() + "; is " + keys + ".issuer right?", null);
    }
    return answer.body();
  }

  /**
   * @param login for the header Authorization; empty: none
   * @throws IssuerException if no answer came
   */
  Answer post(URI url, String form, String login) throws IssuerException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    if (!login.isEmpty()) {
      request.header("Authorization", login);
    }
    return ask(url, request);
  }

  private Answer ask(URI url, HttpRequest.Builder builder)
      throws IssuerException, InterruptedException {
    HttpRequest request = builder.timeout(PATIENCE).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<byte[]>> asked =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      // The request's own timeout ends with the headers.
      HttpResponse<byte[]> answer = asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
    } catch (TimeoutException e) {
      throw new IssuerException(
          url + " did not answer within " + PATIENCE.toSeconds() + " s; is it running?", e);
    } catch (ExecutionException e) {
      throw new IssuerException(
          url
              + " cannot be asked ("
              + e.getCause()
              + "); is it running, may this machine connect to it, and is its certificate of an"
              + " authority that is known here ("
              + keys
              + ".authorities)?",
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
