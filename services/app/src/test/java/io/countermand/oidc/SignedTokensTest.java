package io.countermand.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens hold, against a real issuer over HTTP; each that does not differs in one thing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignedTokensTest {

  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");

  private final PublicJsonWebKey rsa;
  private final PublicJsonWebKey ec;
  private final PublicJsonWebKey ed;
  private final PublicJsonWebKey strangers;
  private final TestIssuer issuer;
  private final SignedTokens tokens;

  /** Each look at this clock is as late as a new key may be asked for. */
  private final AtomicLong nanos = new AtomicLong();

  /**
   * @param made from what is good
   */
  private record Bad(String name, String why, String made) {
    @Override
    public String toString() {
      return name;
    }
  }

  SignedTokensTest() throws Exception {
    rsa = TestIssuer.rsa("rsa");
    ec = TestIssuer.ec("ec");
    ed = TestIssuer.ed("ed");
    strangers = TestIssuer.rsa("rsa");
    issuer = TestIssuer.open();
    PublicJsonWebKey encrypts = TestIssuer.rsa("encrypts");
    encrypts.setUse("enc");
    issuer.keys(rsa, ec, ed, encrypts, TestIssuer.rsa("second"));
    tokens =
        new SignedTokens(
            issuer.settings(),
            InstantSource.fixed(NOW),
            () -> nanos.addAndGet(IssuerKeys.LEAST.toNanos()));
  }

  @BeforeAll
  void shouldTakeAGoodOne() throws Exception {
    assertThat(tokens.check(sign(claims())).subject()).isEqualTo("desk-a");
  }

  @AfterAll
  void close() {
    tokens.close();
    issuer.close();
  }

  private JwtClaims claims() {
    JwtClaims claims = issuer.claims("desk-a", "cancel read", List.of("crosstrade/Sim101"));
    claims.setIssuedAt(NumericDate.fromSeconds(NOW.getEpochSecond() - 300));
    ends(claims, 300);
    return claims;
  }

  private static void ends(JwtClaims claims, int seconds) {
    claims.setExpirationTime(NumericDate.fromSeconds(NOW.getEpochSecond() + seconds));
  }

  private String sign(JwtClaims claims) throws Exception {
    return TestIssuer.sign(claims.toJson(), rsa, "RS256", _ -> {});
  }

  private String with(Consumer<JwtClaims> change) throws Exception {
    JwtClaims claims = claims();
    change.accept(claims);
    return sign(claims);
  }

  private String header(Consumer<JsonWebSignature> change) throws Exception {
    return TestIssuer.sign(claims().toJson(), rsa, "RS256", change);
  }

  @Test
  void shouldTakeEachKindOfKeyPair() throws Exception {
    for (var each : Map.of("RS256", rsa, "PS256", rsa, "ES256", ec, "EdDSA", ed).entrySet()) {
      String token = TestIssuer.sign(claims().toJson(), each.getValue(), each.getKey(), _ -> {});
      assertThat(tokens.concerns(token)).isTrue();
      assertThat(tokens.check(token))
          .as(each.getKey())
          .isEqualTo(
              new SignedToken(
                  "desk-a", "desk-a", List.of("cancel", "read"), List.of("crosstrade/Sim101")));
    }
  }

  @ParameterizedTest
  @CsvSource({"at+jwt", "JWT", "application/at+jwt", "AT+JWT"})
  void shouldTakeAnAccessTokensType(String type) throws Exception {
    assertThat(tokens.check(header(jws -> jws.setHeader("typ", type))).name()).isEqualTo("desk-a");
  }

  @Test
  void shouldForgiveClocksHalfAMinute() throws Exception {
    assertThat(tokens.check(with(claims -> ends(claims, -29))).name()).isEqualTo("desk-a");
    assertThat(tokens.check(with(claims -> begins(claims, 30))).name()).isEqualTo("desk-a");
  }

  private static void begins(JwtClaims claims, int seconds) {
    claims.setNotBefore(NumericDate.fromSeconds(NOW.getEpochSecond() + seconds));
  }

  @Test
  void shouldReadRightsAsTextOrArrayAndGiveNoneByThemselves() throws Exception {
    SignedToken text =
        tokens.check(
            with(
                claims -> {
                  claims.setClaim("countermand_verbs", List.of("cancel", "mass-cancel"));
                  claims.setClaim("countermand_accounts", " cadenza/*  crosstrade/Sim101");
                }));
    assertThat(text.verbs()).containsExactly("cancel", "mass-cancel");
    assertThat(text.accounts()).containsExactly("cadenza/*", "crosstrade/Sim101");
    SignedToken none =
        tokens.check(
            with(
                claims -> {
                  claims.unsetClaim("countermand_verbs");
                  claims.unsetClaim("countermand_accounts");
                }));
    assertThat(none.verbs()).isEmpty();
    assertThat(none.accounts()).isEmpty();
  }

  Stream<Bad> bad() throws Exception {
    String good = sign(claims());
    String[] parts = good.split("\\.", -1);
    String nested = "[".repeat(2_000) + "]".repeat(2_000);
    JwtClaims big = claims();
    big.setClaim("x", "x".repeat(9_000));
    return Stream.of(
        new Bad("of a stranger's key", "signature", stranger(_ -> {})),
        new Bad("with its key inside", "signature", stranger(jws -> jws.setJwkHeader(strangers))),
        new Bad("changed", "signature", changed(good)),
        new Bad("with another's signature", "signature", parts[0] + "." + parts[1] + "." + other()),
        new Bad("without its signature", "signature", parts[0] + "." + parts[1] + "."),
        new Bad("alg none", "alg", raw("{\"alg\":\"none\"}", claims().toJson(), "")),
        new Bad("alg None", "alg", raw("{\"alg\":\"None\"}", claims().toJson(), "")),
        new Bad("no alg", "alg", raw("{\"kid\":\"rsa\"}", claims().toJson(), parts[2])),
        new Bad("alg no text", "alg", raw("{\"alg\":[\"RS256\"]}", claims().toJson(), parts[2])),
        new Bad("RS512", "alg", TestIssuer.sign(claims().toJson(), rsa, "RS512", _ -> {})),
        new Bad("RS256 of the curve's kid", "kid", header(jws -> jws.setKeyIdHeaderValue("ec"))),
        new Bad("unknown kid", "kid", header(jws -> jws.setKeyIdHeaderValue("nobody"))),
        new Bad(
            "kid of an encryption key", "kid", header(jws -> jws.setKeyIdHeaderValue("encrypts"))),
        new Bad(
            "no kid, and several keys", "kid", header(jws -> jws.setHeader("kid", (Object) null))),
        new Bad("kid no text", "kid", raw("{\"alg\":\"RS256\",\"kid\":7}", "{}", parts[2])),
        new Bad("typ of a logout token", "typ", header(jws -> jws.setHeader("typ", "logout+jwt"))),
        new Bad("crit", "crit", header(jws -> jws.setHeader("crit", List.of("exp")))),
        new Bad("crit, empty", "crit", header(jws -> jws.setHeader("crit", List.of()))),
        new Bad("b64", "b64", header(jws -> jws.setHeader("b64", true))),
        new Bad("a token in a token", "cty", inToken(good)),
        new Bad("zip", "zip", header(jws -> jws.setHeader("zip", "DEF"))),
        new Bad("another issuer", "iss", with(claims -> claims.setIssuer(issuer.name() + "/"))),
        new Bad("no issuer", "iss", with(claims -> claims.unsetClaim("iss"))),
        new Bad("another audience", "aud", with(claims -> claims.setAudience("other"))),
        new Bad("no audience", "aud", with(claims -> claims.unsetClaim("aud"))),
        new Bad("expired", "exp", with(claims -> ends(claims, -30))),
        new Bad("endless", "exp", with(claims -> claims.unsetClaim("exp"))),
        new Bad("exp no number", "malformed", with(claims -> claims.setClaim("exp", "soon"))),
        new Bad("not yet", "nbf", with(claims -> begins(claims, 31))),
        new Bad("nobody's", "sub", with(claims -> claims.unsetClaim("sub"))),
        new Bad("sub no text", "malformed", with(claims -> claims.setClaim("sub", 7))),
        new Bad("sub empty", "sub", with(claims -> claims.setSubject(""))),
        new Bad("sub with a space", "sub", with(claims -> claims.setSubject("desk-a: jane"))),
        new Bad("sub with a line", "sub", with(claims -> claims.setSubject("a\nb"))),
        new Bad("sub long", "sub", with(claims -> claims.setSubject("x".repeat(129)))),
        new Bad("a console's user", "sub", with(claims -> claims.setSubject("console:alice"))),
        new Bad("holds too long", "longest-life", with(claims -> ends(claims, 86_431))),
        new Bad("holds for ever", "longest-life", with(claims -> ends(claims, Integer.MAX_VALUE))),
        new Bad("an ID token", "nonce", with(claims -> claims.setClaim("nonce", "n"))),
        new Bad("one with a token", "at_hash", with(claims -> claims.setClaim("at_hash", "h"))),
        new Bad("one with a code", "c_hash", with(claims -> claims.setClaim("c_hash", "h"))),
        new Bad("one with a state", "s_hash", with(claims -> claims.setClaim("s_hash", "h"))),
        new Bad("a logout token", "events", with(claims -> claims.setClaim("events", Map.of()))),
        new Bad("Keycloak's ID token", "typ", with(claims -> claims.setClaim("typ", "ID"))),
        new Bad("its refresh token", "typ", with(claims -> claims.setClaim("typ", "Refresh"))),
        new Bad("its offline token", "typ", with(claims -> claims.setClaim("typ", "Offline"))),
        new Bad("its logout token", "typ", with(claims -> claims.setClaim("typ", "Logout"))),
        new Bad(
            "bound to a key", "cnf", with(claims -> claims.setClaim("cnf", Map.of("jkt", "x")))),
        new Bad("verbs a number", "verbs", with(claims -> claims.setClaim("countermand_verbs", 7))),
        new Bad(
            "accounts an object",
            "accounts",
            with(claims -> claims.setClaim("countermand_accounts", Map.of("a", "b")))),
        new Bad("twice the same claim", "malformed", doubled()),
        new Bad("deep", "signature", raw(headerText(), "{\"x\":" + nested + "}", parts[2])),
        new Bad("a deep header", "header", raw("{\"alg\":" + nested, "{}", parts[2])),
        new Bad("long", "longer", sign(big)),
        new Bad("encrypted", "no signed JWT", "a.b.c.d.e"),
        new Bad("dots", "header", ".."),
        new Bad("empty", "no signed JWT", ""));
  }

  private String stranger(Consumer<JsonWebSignature> header) throws Exception {
    return TestIssuer.sign(claims().toJson(), strangers, "RS256", header);
  }

  private String other() throws Exception {
    return sign(claims()).split("\\.", -1)[2];
  }

  private String changed(String good) {
    String[] parts = good.split("\\.", -1);
    String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    return parts[0] + "." + encoded(payload.replace("Sim101", "Sim102")) + "." + parts[2];
  }

  private String inToken(String good) throws Exception {
    return TestIssuer.sign(good, rsa, "RS256", jws -> jws.setContentTypeHeaderValue("JWT"));
  }

  private String doubled() throws Exception {
    String payload = claims().toJson();
    return TestIssuer.sign(
        payload.substring(0, payload.length() - 1) + ",\"sub\":\"all\"}", rsa, "RS256", _ -> {});
  }

  private static String headerText() {
    return "{\"alg\":\"RS256\",\"kid\":\"rsa\"}";
  }

  private static String raw(String header, String payload, String signature) {
    return encoded(header) + "." + encoded(payload) + "." + signature;
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void shouldRefuse(Bad bad) {
    assertThatThrownBy(() -> tokens.check(bad.made()))
        .isInstanceOf(InvalidToken.class)
        .hasMessageContaining(bad.why());
  }

  /** Everybody has the public key: a door that took its bytes for a secret would let all in. */
  @ParameterizedTest
  @CsvSource({"HS256", "HS384", "HS512"})
  void shouldTakeNoPublicKeyForASecret(String alg) throws Exception {
    for (byte[] secret : TestIssuer.publicBytes(rsa)) {
      var key = new OctetSequenceJsonWebKey(new HmacKey(secret));
      key.setKeyId("rsa");
      String token = TestIssuer.sign(claims().toJson(), key, alg, _ -> {});
      assertThatThrownBy(() -> tokens.check(token))
          .isInstanceOf(InvalidToken.class)
          .hasMessageContaining("alg");
    }
  }

  @Test
  void shouldFindOutOfWhichIssuerOneClaimsToBe() throws Exception {
    assertThat(tokens.concerns(sign(claims()))).isTrue();
    assertThat(tokens.concerns(with(claims -> claims.setIssuer(issuer.name() + "/")))).isFalse();
    assertThat(Stream.of("", "..", "a.b.c", "guessed", "a.b.c.d.e").filter(tokens::concerns))
        .isEmpty();
  }

  /** Anything that comes is a token that does not hold, and nothing else. */
  @Test
  void shouldSurviveAnything() throws Exception {
    var random = new Random(Long.getLong("countermand.seed", 7));
    List<String> whole = bad().map(Bad::made).filter(made -> !made.isEmpty()).toList();
    for (int i = 0; i < Integer.getInteger("countermand.fuzz.rounds", 2_000); i++) {
      char[] token = whole.get(random.nextInt(whole.size())).toCharArray();
      for (int changes = 1 + random.nextInt(5); changes > 0; changes--) {
        token[random.nextInt(token.length)] = (char) (32 + random.nextInt(95));
      }
      String text = new String(Arrays.copyOf(token, 1 + random.nextInt(token.length)));
      boolean of = tokens.concerns(text);
      try {
        var held = tokens.check(text);
        fail("%s held (%s): %s", held, of, text);
      } catch (InvalidToken e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void shouldCallWhoItIsByTheClaimThatIsConfigured() throws Exception {
    var settings =
        new OidcSettings(
            issuer.name(),
            TestIssuer.AUDIENCE,
            "scope",
            "accounts",
            "preferred_username",
            Duration.ofHours(1),
            Duration.ofHours(1),
            null);
    try (var named = new SignedTokens(settings, InstantSource.fixed(NOW), System::nanoTime)) {
      SignedToken found =
          named.check(
              with(
                  claims -> {
                    claims.setClaim("preferred_username", "jörg@desk.example");
                    claims.setClaim("scope", "openid cancel");
                    claims.setClaim("accounts", "*");
                  }));
      assertThat(found)
          .isEqualTo(
              new SignedToken(
                  "desk-a", "jörg@desk.example", List.of("openid", "cancel"), List.of("*")));
      assertThatThrownBy(() -> named.check(sign(claims())))
          .isInstanceOf(InvalidToken.class)
          .hasMessageContaining("preferred_username");
      for (String nobody : List.of("", " ", "\t\n")) {
        String token =
            with(
                claims -> {
                  claims.setClaim("preferred_username", "jörg@desk.example");
                  claims.setSubject(nobody);
                });
        assertThatThrownBy(() -> named.check(token))
            .as("'%s' has no rate of its own", nobody)
            .isInstanceOf(InvalidToken.class)
            .hasMessageContaining("sub");
      }
    }
  }

  /** Each could be taken for another, or for a user of the console, by who reads records. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "console:alice",
        ":alice",
        "console\u02d0alice", // letters that look like colons
        "console\ua4fdalice",
        "console\uff1aalice", // a wide one
        "alice\u3164", // Hangul fillers, which are letters
        "alice\u115f",
        "alice\u1160",
        "alice\uffa0",
        "alice\u034f", // marks that nobody sees
        "alice\ufe0f",
        "alice\u180b",
        "alice\udb40\udd00",
        "alice\u200b",
        "alice\u00ad",
        "\u202ealice",
        "\u0301alice", // a mark of what stands before it
        "alice\u00a0",
        "alice "
      })
  void shouldTakeNoNameThatLooksLikeAnother(String name) throws Exception {
    String token = with(claims -> claims.setSubject(name));
    assertThatThrownBy(() -> tokens.check(token))
        .isInstanceOf(InvalidToken.class)
        .hasMessageContaining("'sub' is no name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "josé",
        "Nguyễn.Thị.Ánh",
        "O'Brien",
        "jörg@desk.example",
        "नीलम",
        "山田太郎",
        "김민준",
        "auth0|5f7c8ec7",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
      })
  void shouldTakeRealNames(String name) throws Exception {
    assertThat(tokens.check(with(claims -> claims.setSubject(name))).name()).isEqualTo(name);
  }

  @Test
  void shouldWriteANameInOneWayOnly() throws Exception {
    SignedToken found = tokens.check(with(claims -> claims.setSubject("jose\u0301")));
    assertThat(found.name()).isEqualTo("jos\u00e9");
    assertThat(found.subject()).isEqualTo("jose\u0301");
  }

  @Test
  void shouldTakeATokenThatHoldsAsLongAsItMay() throws Exception {
    assertThat(tokens.check(with(claims -> ends(claims, 86_400))).name()).isEqualTo("desk-a");
    assertThat(tokens.check(with(claims -> claims.setClaim("typ", "Bearer"))).name())
        .as("Keycloak's access token")
        .isEqualTo("desk-a");
  }
}
