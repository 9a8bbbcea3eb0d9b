package io.countermand.oidc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** A small OpenID Connect issuer over HTTP, with keys of its own. Thread-safe. */
public final class TestIssuer implements AutoCloseable {

  public static final String AUDIENCE = "https://door.example";

  /** Of issuers that were closed: to make one takes a second of a processor. No two share one. */
  private static final Queue<PublicJsonWebKey> FREE = new ConcurrentLinkedQueue<>();

  /**
   * What it says instead.
   *
   * @param body with ISSUER for its name
   */
  record Said(int status, String body) {}

  private final int port;
  private final String scheme;
  private final List<PublicJsonWebKey> keys = new CopyOnWriteArrayList<>();
  private final Queue<PublicJsonWebKey> own = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile @Nullable HttpServer server;

  /** Keeps the port while nobody listens there: else another may be given it meanwhile. */
  private volatile @Nullable Socket kept;

  private volatile @Nullable Said discovery;
  private volatile @Nullable Said keySet;

  private TestIssuer(HttpServer server, String scheme) {
    this.scheme = scheme;
    this.port = server.getAddress().getPort();
    serve(server);
  }

  /** Open, with one key. */
  public static TestIssuer open() throws Exception {
    return of(new TestIssuer(HttpServer.create(new InetSocketAddress(loopback(), 0), 0), "http"));
  }

  /** The same by https. */
  static TestIssuer open(SSLContext certificate) throws Exception {
    var server = HttpsServer.create(new InetSocketAddress(loopback(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate));
    return of(new TestIssuer(server, "https"));
  }

  private static TestIssuer of(TestIssuer issuer) throws JoseException {
    issuer.keys.add(issuer.another("first"));
    return issuer;
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  private void serve(HttpServer fresh) {
    server = fresh;
    fresh.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    fresh.createContext(
        "/realm/.well-known/openid-configuration",
        exchange -> answer(exchange, discovery, described()));
    fresh.createContext("/realm/moved", exchange -> answer(exchange, null, described()));
    fresh.createContext(
        "/realm/keys",
        exchange -> {
          asked.incrementAndGet();
          answer(exchange, keySet, new JsonWebKeySet(List.copyOf(keys)).toJson());
        });
    fresh.start();
  }

  private static String described() {
    return "{\"issuer\":\"ISSUER\",\"jwks_uri\":\"ISSUER/keys\"}";
  }

  private void answer(HttpExchange exchange, @Nullable Said instead, String usual)
      throws IOException {
    try (exchange) {
      Said said = instead == null ? new Said(200, usual) : instead;
      byte[] body = said.body().replace("ISSUER", name()).getBytes(StandardCharsets.UTF_8);
      if (said.status() == 302) {
        exchange.getResponseHeaders().add("Location", name() + "/moved");
      }
      exchange.sendResponseHeaders(said.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** As in {@code iss}. */
  public String name() {
    return scheme + "://127.0.0.1:" + port + "/realm";
  }

  public OidcSettings settings() {
    return settings(Duration.ofHours(24));
  }

  /**
   * @param keep its keys count so long
   */
  public OidcSettings settings(Duration keep) {
    return settings(keep, Duration.ofSeconds(10));
  }

  /**
   * @param keep its keys count so long
   * @param askAgain it is asked again so much later
   */
  public OidcSettings settings(Duration keep, Duration askAgain) {
    return new OidcSettings(
        name(),
        AUDIENCE,
        "countermand_verbs",
        "countermand_accounts",
        "sub",
        keep,
        Duration.ofHours(24),
        null,
        askAgain);
  }

  void discovery(@Nullable Said other) {
    discovery = other;
  }

  void keySet(@Nullable Said other) {
    keySet = other;
  }

  /** How often somebody asked for its keys. */
  int asked() {
    return asked.get();
  }

  /** Nobody listens any more. */
  public void away() {
    HttpServer open = server;
    if (open != null) {
      open.stop(0);
      server = null;
      kept = keep();
    }
  }

  /** Bound, and deaf: who connects is refused. Null: another has taken it in this moment. */
  private @Nullable Socket keep() {
    var socket = new Socket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), port));
      return socket;
    } catch (IOException e) {
      return null;
    }
  }

  private void letGo() {
    Socket held = kept;
    kept = null;
    if (held != null) {
      try {
        held.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** It listens again, where it did. */
  public void back() throws IOException {
    letGo();
    serve(HttpServer.create(new InetSocketAddress(loopback(), port), 0));
  }

  /** Only with these keys from now on. */
  public void keys(PublicJsonWebKey... only) {
    keys.clear();
    keys.addAll(List.of(only));
  }

  public PublicJsonWebKey key() {
    return keys.getFirst();
  }

  /** An RSA key that nobody else has until this issuer is closed; it does not show it yet. */
  PublicJsonWebKey another(String kid) throws JoseException {
    PublicJsonWebKey free = FREE.poll();
    PublicJsonWebKey key = free == null ? rsa(kid) : named(free, kid);
    own.add(key);
    return key;
  }

  public static PublicJsonWebKey rsa(String kid) throws JoseException {
    return named(RsaJwkGenerator.generateJwk(2048), kid);
  }

  static PublicJsonWebKey ec(String kid) throws JoseException {
    return named(EcJwkGenerator.generateJwk(EllipticCurves.P256), kid);
  }

  static PublicJsonWebKey ed(String kid) throws JoseException {
    return named(OkpJwkGenerator.generateJwk("Ed25519"), kid);
  }

  private static PublicJsonWebKey named(PublicJsonWebKey key, @Nullable String kid) {
    key.setKeyId(kid);
    return key;
  }

  /** What a good token says. */
  public JwtClaims claims(String subject, String verbs, Object accounts) {
    var claims = new JwtClaims();
    claims.setIssuer(name());
    claims.setAudience(AUDIENCE);
    claims.setSubject(subject);
    claims.setJwtId(UUID.randomUUID().toString());
    ends(claims, Duration.ofMinutes(5));
    claims.setStringClaim("countermand_verbs", verbs);
    claims.setClaim("countermand_accounts", accounts);
    return claims;
  }

  /**
   * @param from now on; may be negative
   */
  public static void ends(JwtClaims claims, Duration from) {
    claims.setIssuedAt(NumericDate.fromSeconds(now().getValue() + from.toSeconds() - 300));
    claims.setExpirationTime(NumericDate.fromSeconds(now().getValue() + from.toSeconds()));
  }

  static NumericDate now() {
    return NumericDate.now();
  }

  public String token(String subject, String verbs, Object accounts) throws JoseException {
    return sign(claims(subject, verbs, accounts));
  }

  public String sign(JwtClaims claims) throws JoseException {
    return sign(claims.toJson(), key(), "RS256", _ -> {});
  }

  /**
   * @param header changes it at the last
   */
  public static String sign(
      String payload, JsonWebKey key, String alg, Consumer<JsonWebSignature> header)
      throws JoseException {
    var jws = new JsonWebSignature();
    jws.setPayload(payload);
    jws.setAlgorithmHeaderValue(alg);
    if (key.getKeyId() != null) {
      jws.setKeyIdHeaderValue(key.getKeyId());
    }
    jws.setKey(
        key instanceof PublicJsonWebKey pair && pair.getPrivateKey() != null
            ? pair.getPrivateKey()
            : key.getKey());
    jws.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    jws.setDoKeyValidation(false);
    header.accept(jws);
    return jws.getCompactSerialization();
  }

  /** Bytes that everybody has, which a careless door would take for a secret. */
  static List<byte[]> publicBytes(PublicJsonWebKey key) {
    byte[] der = key.getPublicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    return List.of(
        der,
        pem.getBytes(StandardCharsets.UTF_8),
        ((RSAPublicKey) key.getPublicKey()).getModulus().toByteArray(),
        new byte[32]);
  }

  @Override
  public void close() {
    away();
    letGo();
    for (PublicJsonWebKey key = own.poll(); key != null; key = own.poll()) {
      FREE.add(key);
    }
  }
}
