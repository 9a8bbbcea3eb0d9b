package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.countermand.console.access.Access;
import io.countermand.console.access.AccessSettings;
import io.countermand.console.access.IssuerUsers;
import io.countermand.console.access.Shield;
import io.countermand.console.actions.KillProposals;
import io.countermand.console.kept.ActionLog;
import io.countermand.console.kept.KeptSwitches;
import io.countermand.console.kept.MassReports;
import io.countermand.oidc.TestIssuer;
import io.countermand.oidc.TestLogins;
import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Who signs in at an issuer, over real sockets, with the console's own routes and no pipeline
 * behind them; and each who is not let in, with one thing wrong.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcSignInTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PAGE = "/kill";
  private static final String NOT_HERE = "did not begin in this browser";

  private final HttpClient http = HttpClient.newHttpClient();
  private TestIssuer issuer;
  private TestLogins logins;
  private Access access;
  private Javalin server;

  @BeforeAll
  void issuer() throws Exception {
    issuer = TestIssuer.open();
    logins = TestLogins.at(issuer);
  }

  /** A console for each, which has seen nobody fail. */
  @BeforeEach
  void open() {
    logins.reset();
    access = access(logins, URI.create("https://console.example"));
    server = serve(access);
    awaitIssuer(server.port());
  }

  /**
   * @param origin null: this machine's own names alone
   */
  static Access access(TestLogins logins, URI origin) {
    return new Access(
        new AccessSettings(
            null,
            new IssuerUsers(logins.settings(), Set.of("alice", "a:b")),
            origin,
            Duration.ofMinutes(30),
            Duration.ofHours(12)));
  }

  /** Its pages of people, and those that need no topics. */
  static Javalin serve(Access access) {
    var writer =
        new PageWriter(
            () -> Frame.of(List.of(), new KeptSwitches().standing(), Frame.Known.YES), true, false);
    var masses = new MassReports();
    var venues = new CachedViews<String, VenuesView>(_ -> null, Duration.ofSeconds(1));
    var proposals = new KillProposals(InstantSource.system());
    var held = new StandingPages(masses, venues, new ActionLog(), Set.of(), proposals, writer);
    return Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.jetty.host = "127.0.0.1";
              config.jetty.port = 0;
              config.routes.before(new Shield("console.example")::before);
              Routes.signIn(config, new SignInPages(access, writer), held);
              Routes.assets(config);
              Routes.pages(config, held, new MassPages(masses, null, writer), writer);
            })
        .start();
  }

  private void awaitIssuer(int port) {
    Awaitility.await("the issuer is known")
        .atMost(PATIENCE)
        .until(() -> new ConsoleVisitor(http, port).get("/sign-in/oidc").statusCode() == 303);
  }

  @AfterEach
  void close() {
    server.stop();
    access.close();
  }

  @AfterAll
  void closeIssuer() {
    logins.close();
    issuer.close();
    http.close();
  }

  private ConsoleVisitor visitor() {
    return new ConsoleVisitor(http, server.port(), true);
  }

  /** The way back that the issuer's page sends him. */
  private String callback(ConsoleVisitor visitor, String to) throws Exception {
    HttpResponse<String> leave = visitor.get("/sign-in/oidc?to=" + DisplayText.encoded(to));
    assertThat(leave.statusCode()).as(leave.body()).isEqualTo(303);
    URI page = URI.create(leave.headers().firstValue("Location").orElseThrow());
    HttpResponse<String> answer =
        http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as("%s", page).isEqualTo(302);
    String back = answer.headers().firstValue("Location").orElseThrow();
    assertThat(back).startsWith(visitor.origin() + "/sign-in/oidc/callback?");
    return back.substring(visitor.origin().length());
  }

  private HttpResponse<String> signIn(ConsoleVisitor visitor) throws Exception {
    return visitor.get(callback(visitor, PAGE));
  }

  private static void isIn(ConsoleVisitor visitor) throws Exception {
    assertThat(visitor.get(PAGE).body()).contains("<strong>oidc:alice</strong> (operator)");
  }

  private static void isOut(ConsoleVisitor visitor) throws Exception {
    assertThat(visitor.session()).isEmpty();
    assertThat(visitor.get(PAGE).statusCode()).isEqualTo(303);
  }

  private static String cookie(HttpResponse<String> answer, String name) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(each -> each.contains("-" + name + "=") && !each.contains("Max-Age=0"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldLetInWhomTheIssuerNamesWithItsRolesAndUnderANameThatNoFileHas() throws Exception {
    // Given
    var visitor = visitor();
    String page = visitor.get("/sign-in?to=%2Fkill").body();
    assertThat(page)
        .contains("href=\"/sign-in/oidc?to=%2Fkill\"", issuer.name())
        .doesNotContain("type=\"password\"");
    MarkupCheck.check("sign-in", page);
    // When
    HttpResponse<String> answer = signIn(visitor);
    // Then: a page of ours leads on, for a redirect would bring no cookie along
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("content=\"0; url=/kill\"", "href=\"/kill\"");
    assertThat(cookie(answer, "session")).contains("HttpOnly", "SameSite=Strict", "Path=/; ");
    assertThat(cookie(answer, "session")).contains("; Secure");
    isIn(visitor);
    // When
    visitor.post("/sign-out", Map.of());
    // Then
    isOut(visitor);
  }

  @Test
  void shouldKeepTheWayBackInThisBrowserAlone() throws Exception {
    // Given
    var visitor = visitor();
    // When
    HttpResponse<String> leave = visitor.get("/sign-in/oidc");
    // Then
    assertThat(cookie(leave, "oidc")).contains("HttpOnly", "SameSite=Lax", "; Secure");
    String location = leave.headers().firstValue("Location").orElse("");
    assertThat(location).contains("code_challenge_method=S256", "scope=openid&", "nonce=");
    assertThat(location).doesNotContain(visitor.cookie("oidc").split("\\.")[0]);
  }

  @Test
  void shouldForgetAPlaceThatNoCookieHolds() throws Exception {
    // Given
    var visitor = visitor();
    // When
    HttpResponse<String> answer = visitor.get(callback(visitor, "/" + "a".repeat(4_000)));
    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("content=\"0; url=/\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"//elsewhere.example", "https://elsewhere.example", "/\\e", "/sign-in/oidc", ""})
  void shouldLeadNowhereElse(String to) throws Exception {
    // Given
    var visitor = visitor();
    // When
    HttpResponse<String> answer = visitor.get(callback(visitor, to));
    // Then
    assertThat(answer.body()).contains("content=\"0; url=/\"").doesNotContain("elsewhere.example");
  }

  @Test
  void shouldEndTheSessionBeforeAndTakeNoPasswordWhereNoneIsKept() throws Exception {
    // Given
    var visitor = visitor();
    signIn(visitor);
    var thief = visitor();
    thief.cookies.putAll(visitor.cookies);
    isIn(thief);
    // When: a browser brings no cookie of the session back from another site
    String back = callback(visitor, PAGE);
    // Then
    assertThat(thief.get(PAGE).statusCode()).isEqualTo(303);
    assertThat(visitor.session()).isEmpty();
    // When
    visitor.get(back);
    // Then
    isIn(visitor);
    // When
    var other = visitor();
    other.get("/sign-in");
    var form = Map.of("name", "alice", "password", "a long one", "csrf", other.cookie("form"));
    HttpResponse<String> answer = other.post("/sign-in", form, Map.of("Origin", other.origin()));
    // Then
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("by a password");
    isOut(other);
  }

  /** The browser brings no Strict cookie along then, and would take one that removes it. */
  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void shouldSignNobodyOutByALinkOfAnotherSite(String site) throws Exception {
    // Given
    var visitor = visitor();
    signIn(visitor);
    Map<String, String> kept = Map.copyOf(visitor.cookies);
    var led = visitor();
    // When
    HttpResponse<String> answer =
        led.get("/sign-in/oidc?to=%2Fkill", Map.of("Sec-Fetch-Site", site));
    // Then
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).contains("/sign-in?to=%2Fkill");
    assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    // When: it comes along all the same
    visitor.get("/sign-in/oidc", Map.of("Sec-Fetch-Site", site));
    // Then
    assertThat(visitor.cookies).isEqualTo(kept);
    isIn(visitor);
    // When: by the page's own link, or typed
    for (String own : List.of("same-origin", "none")) {
      HttpResponse<String> leave = visitor().get("/sign-in/oidc", Map.of("Sec-Fetch-Site", own));
      // Then
      assertThat(leave.headers().firstValue("Location").orElse("")).contains("/authorize?");
    }
  }

  private interface Change {
    void of(JwtClaims claims) throws Exception;
  }

  private interface Before {
    void on(OidcSignInTest test) throws Exception;
  }

  private interface Way {
    String change(OidcSignInTest test, ConsoleVisitor visitor, String callback) throws Exception;
  }

  private interface Signer {
    String of(OidcSignInTest test, JwtClaims claims) throws Exception;
  }

  /**
   * One thing wrong, and all else right.
   *
   * @param before what the issuer does then
   * @param way what becomes of his way back
   * @param says why he is not let in
   */
  private record Forgery(String name, Before before, Way way, String says) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Forgery says(String name, Change change, String why) {
    return signed(
        name,
        (test, claims) -> {
          change.of(claims);
          return test.logins.signed(claims);
        },
        why);
  }

  private static Forgery signed(String name, Signer signer, String why) {
    return new Forgery(
        name,
        test -> test.logins.sign(claims -> signer.of(test, claims)),
        (_, _, callback) -> callback,
        why);
  }

  private static Forgery back(String name, UnaryOperator<String> callback, String why) {
    return new Forgery(name, _ -> {}, (_, _, at) -> callback.apply(at), why);
  }

  private static NumericDate in(int seconds) {
    return NumericDate.fromSeconds(NumericDate.now().getValue() + seconds);
  }

  /** A way back with another's code. */
  private static String code(String at, String other) {
    return at.replaceAll("code=[^&]*", other.replaceAll(".*[?&](code=[^&]*).*", "$1"));
  }

  static Stream<Forgery> right() {
    return Stream.of(
        says("roles", claims -> claims.setClaim("countermand_roles", "x operator"), ""),
        says(
            "several, and given to us",
            claims -> {
              claims.setAudience(TestLogins.CLIENT, "other");
              claims.setClaim("azp", TestLogins.CLIENT);
            },
            ""),
        says(
            "a clock that is off",
            claims -> {
              claims.setIssuedAt(in(-300));
              claims.setExpirationTime(in(-20));
            },
            ""),
        says("another that is off", claims -> claims.setIssuedAt(in(20)), ""),
        says("keycloak's", claims -> claims.setClaim("typ", "ID"), ""),
        back("issuer", at -> at + "&session_state=x", ""));
  }

  @ParameterizedTest
  @MethodSource("right")
  void shouldTakeWhatIsRightInAnotherWay(Forgery right) throws Exception {
    // Given
    var visitor = visitor();
    right.before().on(this);
    String callback = callback(visitor, PAGE);
    // When
    HttpResponse<String> answer = visitor.get(right.way().change(this, visitor, callback));
    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    isIn(visitor);
  }

  static Stream<Forgery> forgeries() {
    return Stream.of(
        back("another state", at -> at.replaceAll("state=.", "state=_"), NOT_HERE),
        back("no state", at -> at.replaceAll("&state=.*", ""), NOT_HERE),
        new Forgery(
            "another browser",
            _ -> {},
            (_, visitor, at) -> {
              visitor.cookies.clear();
              return at;
            },
            NOT_HERE),
        new Forgery(
            "the way back of somebody else",
            _ -> {},
            (test, _, _) -> test.callback(test.visitor(), PAGE),
            NOT_HERE),
        new Forgery(
            "a second time, at an issuer that takes codes twice",
            test -> test.logins.careless(),
            (_, visitor, at) -> {
              Map<String, String> kept = Map.copyOf(visitor.cookies);
              assertThat(visitor.get(at).statusCode()).isEqualTo(200);
              visitor.cookies.clear();
              visitor.cookies.putAll(kept);
              return at;
            },
            NOT_HERE),
        new Forgery(
            "a code that was used",
            _ -> {},
            (test, _, at) -> {
              var first = test.visitor();
              String used = test.callback(first, PAGE);
              assertThat(first.get(used).statusCode()).isEqualTo(200);
              return code(at, used);
            },
            "(400 invalid_grant)"),
        new Forgery(
            "the code of somebody else (PKCE)",
            _ -> {},
            (test, _, at) -> code(at, test.callback(test.visitor(), PAGE)),
            "(400 invalid_grant)"),
        new Forgery(
            "the same at an issuer that knows no PKCE (nonce)",
            test -> test.logins.careless(),
            (test, _, at) -> code(at, test.callback(test.visitor(), PAGE)),
            "it is of another sign-in (nonce)"),
        back("no code", at -> at.replaceAll("code=[^&]*", "x=y"), "sent no code"),
        back("another's answer", at -> at + "&iss=https%3A%2F%2Felse.example", "of another issuer"),
        back(
            "the issuer's no",
            at -> at.replaceAll("code=[^&]*", "error=access_denied&error_description=%3Cb%3Eno"),
            "The issuer says: access_denied (&lt;b&gt;no)"),
        new Forgery(
            "the token endpoint's no",
            test -> test.logins.refuse("{\"error\":\"<script>\"}"),
            (_, _, at) -> at,
            "(400 an error without a code)"),
        says("another nonce", claims -> claims.setClaim("nonce", "other"), "(nonce)"),
        says("no nonce", claims -> claims.unsetClaim("nonce"), "(nonce)"),
        says("another aud", claims -> claims.setAudience("other"), "another client (aud)"),
        says(
            "several, and nobody says whose",
            claims -> claims.setAudience(TestLogins.CLIENT, "other"),
            "(azp)"),
        says("another's (azp)", claims -> claims.setClaim("azp", "other"), "(azp)"),
        says("another iss", claims -> claims.setIssuer("https://else.example"), "(iss)"),
        says(
            "ended",
            claims -> {
              claims.setIssuedAt(in(-300));
              claims.setExpirationTime(in(-40));
            },
            "has ended (exp)"),
        says("no end", claims -> claims.unsetClaim("exp"), "no exp"),
        says("issued later", claims -> claims.setIssuedAt(in(120)), "(iat)"),
        says("issued never", claims -> claims.unsetClaim("iat"), "(iat)"),
        says("nobody", claims -> claims.setSubject(" "), "names nobody"),
        says("a logout token", claims -> claims.setClaim("events", Map.of()), "no ID token"),
        says("keycloak's access token", claims -> claims.setClaim("typ", "Bearer"), "no ID token"),
        says("no roles", claims -> claims.unsetClaim("countermand_roles"), "has no role here"),
        says(
            "others' roles",
            claims -> claims.setClaim("countermand_roles", "OPERATOR admin"),
            "has no role here"),
        says("none of the names", claims -> claims.setSubject("mallory"), "console.oidc.names"),
        says("a colon in it", claims -> claims.setSubject("a:b"), "no name"),
        signed("no signature", (_, claims) -> TestLogins.unsigned(claims), "alg is not allowed"),
        signed("the public key", (test, claims) -> test.logins.hmac(claims), "alg is not allowed"),
        signed(
            "a stranger's key",
            (test, claims) -> test.logins.signedByAStranger(claims),
            "signature does not hold"),
        signed("at+jwt", (test, claims) -> test.logins.typed(claims, "at+jwt"), "no ID token"));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void shouldNotLetIn(Forgery forged) throws Exception {
    // Given
    var visitor = visitor();
    forged.before().on(this);
    String at = forged.way().change(this, visitor, callback(visitor, PAGE));
    // When
    HttpResponse<String> answer = visitor.get(at);
    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(answer.body()).contains(forged.says()).contains("/sign-in/oidc");
    MarkupCheck.check(forged.name(), answer.body());
    isOut(visitor);
    // When: with that right
    logins.reset();
    assertThat(signIn(visitor).statusCode()).isEqualTo(200);
    // Then
    isIn(visitor);
  }

  @Test
  void shouldLetNobodyTryForEver() throws Exception {
    // Given
    var visitor = visitor();
    int refused = 0;
    int status = 403;
    // When: a try more is allowed every five seconds, which a slow machine may take for a few
    while (status != 429 && refused < 1_000) {
      logins.refuse("{\"error\":\"invalid_grant\"}");
      int wrong = signIn(visitor).statusCode();
      if (wrong == 403) {
        refused++;
        continue;
      }
      assertThat(wrong).isEqualTo(429);
      logins.reset();
      status = signIn(visitor).statusCode();
    }
    // Then
    assertThat(status).isEqualTo(429);
    assertThat(refused).isGreaterThanOrEqualTo(20);
    isOut(visitor);
  }

  @Test
  void shouldTellThatTheIssuerIsAwayAndTellNoSecret() throws Exception {
    // Given
    var heard = new ListAppender<ILoggingEvent>();
    heard.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(heard);
    List<String> secrets = new ArrayList<>();
    try (TestIssuer second = TestIssuer.open();
        var gone = TestLogins.at(second);
        Access brief = access(gone, null)) {
      Javalin other = serve(brief);
      try {
        awaitIssuer(other.port());
        var caller = new ConsoleVisitor(http, other.port());
        String back = callback(caller, PAGE);
        gone.close();
        // When
        HttpResponse<String> answer = caller.get(back);
        // Then
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("The issuer cannot be asked now");
        assertThat(caller.session()).isEmpty();
        secrets.add(back.replaceAll(".*code=([^&]*).*", "$1"));
        secrets.add(back.replaceAll(".*state=([^&]*).*", "$1"));
        secrets.add(gone.secret());
      } finally {
        other.stop();
      }
      var visitor = visitor();
      signIn(visitor);
      secrets.add(visitor.session());
      secrets.add(logins.secret());
    } finally {
      root.detachAppender(heard);
    }
    // Then
    assertThat(heard.list)
        .anyMatch(each -> each.getMessage().equals("nobody can sign in at the issuer now"))
        .anyMatch(
            each ->
                each.getMessage().equals("signed in")
                    && each.getKeyValuePairs().toString().contains("person=\"oidc:alice\""));
    assertThat(secrets).allMatch(each -> each.length() > 30);
    for (ILoggingEvent each : List.copyOf(heard.list)) {
      String line = each.getFormattedMessage() + each.getKeyValuePairs();
      assertThat(secrets).noneMatch(line::contains);
    }
  }

  @Test
  void shouldWantTheIssuersNameWhereItSaysThatItTellsIt() throws Exception {
    // Given
    try (TestIssuer second = TestIssuer.open();
        var telling = TestLogins.at(second)) {
      telling.describe(",\"authorization_response_iss_parameter_supported\":true");
      try (Access brief = access(telling, null)) {
        Javalin other = serve(brief);
        try {
          awaitIssuer(other.port());
          for (boolean told : List.of(false, true)) {
            var caller = new ConsoleVisitor(http, other.port());
            String back = callback(caller, PAGE);
            // When
            String at = back + (told ? "&iss=" + DisplayText.encoded(second.name()) : "");
            // Then
            assertThat(caller.get(at).statusCode()).isEqualTo(told ? 200 : 403);
          }
        } finally {
          other.stop();
        }
      }
    }
  }
}
