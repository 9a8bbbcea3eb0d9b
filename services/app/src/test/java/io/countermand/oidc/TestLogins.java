package io.countermand.oidc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Where people sign in at a {@link TestIssuer}: the authorization code flow with PKCE. It lets in
 * whoever comes, and says of him what a test wants. Thread-safe.
 */
public final class TestLogins implements AutoCloseable {

  public static final String CLIENT = "countermand-console";

  /** What makes an ID token of its claims. */
  public interface Signer {
    String sign(JwtClaims claims) throws Exception;
  }

  private final TestIssuer issuer;
  private final HttpServer server;
  private final String secret = "canary-" + UUID.randomUUID();
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

  private volatile Signer signer = this::signed;
  private volatile boolean careless;
  private volatile @Nullable String answer;

  private TestLogins(TestIssuer issuer) throws IOException {
    this.issuer = issuer;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/authorize", this::authorize);
    server.createContext("/token", this::token);
    server.start();
    describe("");
  }

  public static TestLogins at(TestIssuer issuer) throws IOException {
    return new TestLogins(issuer);
  }

  /** Where its pages are. */
  public String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * @param more of its discovery, as {@code ,"name":"value"}
   */
  public void describe(String more) {
    issuer.discovery(
        new TestIssuer.Said(
            200,
            ("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"ISSUER/keys\","
                    + "\"authorization_endpoint\":\"%s/authorize?tenant=a\","
                    + "\"token_endpoint\":\"%s/token\"%s}")
                .formatted(base(), base(), more)));
  }

  public ClientSettings settings() {
    return new ClientSettings(
        issuer.name(),
        CLIENT,
        secret,
        "openid",
        "countermand_roles",
        "sub",
        Duration.ofHours(1),
        null);
  }

  public String secret() {
    return secret;
  }

  /** As at the start: what it says is right, of alice, an operator. */
  public void reset() {
    signer = this::signed;
    careless = false;
    answer = null;
  }

  public void sign(Signer other) {
    signer = other;
  }

  /** It takes a code however often, with whatever verifier, from whom and wherever to. */
  public void careless() {
    careless = true;
  }

  /** Its token endpoint says this with 400. */
  public void refuse(String body) {
    answer = body;
  }

  public String signed(JwtClaims claims) throws JoseException {
    return issuer.sign(claims);
  }

  /** With a key of the issuer's name that is not its. */
  public String signedByAStranger(JwtClaims claims) throws JoseException {
    PublicJsonWebKey key = TestIssuer.rsa(issuer.key().getKeyId());
    return TestIssuer.sign(claims.toJson(), key, "RS256", _ -> {});
  }

  /** Under another type. */
  public String typed(JwtClaims claims, String type) throws JoseException {
    return TestIssuer.sign(
        claims.toJson(), issuer.key(), "RS256", jws -> jws.setHeader("typ", type));
  }

  /** With no signature at all. */
  public static String unsigned(JwtClaims claims) {
    return text("{\"alg\":\"none\"}") + "." + text(claims.toJson()) + ".";
  }

  /** With an HMAC whose secret everybody has: the public key. */
  public String hmac(JwtClaims claims) throws Exception {
    var mac = javax.crypto.Mac.getInstance("HmacSHA256");
    byte[] open = TestIssuer.publicBytes(issuer.key()).get(1);
    mac.init(new javax.crypto.spec.SecretKeySpec(open, "HmacSHA256"));
    String kid = issuer.key().getKeyId();
    String signed =
        text("{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}") + "." + text(claims.toJson());
    return signed
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String text(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private void authorize(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> asked = fields(exchange.getRequestURI().getRawQuery());
      boolean well =
          CLIENT.equals(asked.get("client_id"))
              && "code".equals(asked.get("response_type"))
              && "S256".equals(asked.get("code_challenge_method"))
              && "a".equals(asked.get("tenant"))
              && List.of(asked.getOrDefault("scope", "").split(" ")).contains("openid")
              && asked.keySet().containsAll(List.of("state", "nonce", "code_challenge"));
      if (!well) {
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      String code = UUID.randomUUID().toString();
      codes.put(code, asked);
      exchange
          .getResponseHeaders()
          .add(
              "Location",
              asked.get("redirect_uri") + "?code=" + code + "&state=" + asked.get("state"));
      exchange.sendResponseHeaders(302, -1);
    }
  }

  private void token(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> form =
          fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      String login = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      String code = form.getOrDefault("code", "");
      Map<String, String> asked = careless ? codes.get(code) : codes.remove(code);
      if (answer != null) {
        answer(exchange, 400, answer);
      } else if (asked == null || !(careless || fits(form, asked, login))) {
        answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
      } else {
        answer(
            exchange,
            200,
            "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"%s\"}"
                .formatted(idToken(asked.get("nonce"))));
      }
    }
  }

  private boolean fits(Map<String, String> form, Map<String, String> asked, String login) {
    String own =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((CLIENT + ":" + secret).getBytes(StandardCharsets.UTF_8));
    return login.equals(own)
        && "authorization_code".equals(form.get("grant_type"))
        && asked.get("redirect_uri").equals(form.get("redirect_uri"))
        && asked.get("code_challenge").equals(challenge(form.getOrDefault("code_verifier", "")));
  }

  private static String challenge(String verifier) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String idToken(String nonce) {
    try {
      var told = new JwtClaims();
      told.setIssuer(issuer.name());
      told.setAudience(CLIENT);
      told.setSubject("alice");
      TestIssuer.ends(told, Duration.ofMinutes(5));
      told.setStringClaim("nonce", nonce);
      told.setStringListClaim("countermand_roles", "operator", "something-else");
      return signer.sign(told);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new HashMap<>();
    Arrays.stream(text.split("&", -1))
        .map(each -> each.split("=", 2))
        .forEach(each -> fields.put(each[0], URLDecoder.decode(each[1], StandardCharsets.UTF_8)));
    return fields;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
