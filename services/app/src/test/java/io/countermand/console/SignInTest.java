package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.console.access.AccessSettings;
import io.countermand.events.ConsoleAction;
import io.countermand.kafka.client.MassCancels;
import io.countermand.platform.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who is let in to a console, and what is taken from him; and from whom nothing is. */
@Tag("front") // infra/compose/ci
class SignInTest extends ActingScenario {

  private static final List<String> PAGES =
      List.of(
          "/",
          "/cancels",
          "/cancel?order=a&id=b",
          "/orders",
          "/order?key=a",
          "/unresolved",
          "/dead-letters",
          "/dead-letter?partition=0&offset=0",
          "/mass-cancels",
          "/mass-cancel?id=a",
          "/kill",
          "/venues",
          "/actions",
          "/none");

  private static final String PAUSED = "neuratrade";

  SignInTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Test
  void shouldShowNothingToWhoIsNotSignedIn() throws Exception {
    // Given: what a banner would tell
    var stranger = new ConsoleVisitor(http, console.port());
    try (var masses = new MassCancels(stack.connection())) {
      String account = "SignIn" + UUID.randomUUID();
      String id = fire(masses, account);
      try {
        await("/kill", id);
        for (String path : PAGES) {
          // When
          HttpResponse<String> response = stranger.get(path);
          // Then
          assertThat(response.statusCode()).as(path).isEqualTo(303);
          assertThat(response.headers().firstValue("Location").orElse(""))
              .as(path)
              .startsWith("/sign-in");
          assertThat(response.body()).as(path).doesNotContain(account);
        }
        assertThat(stranger.get("/switches").body())
            .contains("Your session has ended")
            .doesNotContain(account);
        assertThat(stranger.get("/cancels/live").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/now/live").statusCode()).isEqualTo(401);
        HttpResponse<String> failed = stranger.post("/kill", Map.of());
        assertThat(failed.statusCode()).isEqualTo(403);
        assertThat(failed.body()).doesNotContain(account);
        HttpResponse<String> page = stranger.get("/sign-in?to=%2F%2Felsewhere.example");
        assertThat(page.body()).doesNotContain(account, "elsewhere.example");
        MarkupCheck.check("sign-in", page.body());
        assertThat(page.headers().map())
            .containsKeys("content-security-policy", "x-content-type-options", "x-frame-options");
      } finally {
        release(masses, id);
      }
    }
  }

  @Test
  void shouldSignInUnderANewIdAndSignOut() throws Exception {
    // Given: an id that somebody else has planted
    var visitor = new ConsoleVisitor(http, console.port());
    String name = "countermand-" + console.port() + "-session";
    visitor.cookies.put(name, "planted");
    // When
    HttpResponse<String> response = visitor.signIn("victor", passwords.get("victor"));
    // Then
    assertThat(response.statusCode()).isEqualTo(303);
    String first = visitor.session();
    assertThat(first).hasSizeGreaterThan(40).isNotEqualTo("planted");
    assertThat(response.headers().allValues("Set-Cookie"))
        .filteredOn(each -> each.startsWith(name + "=" + first))
        .singleElement()
        .asString()
        .contains("HttpOnly", "SameSite=Strict", "Path=/");
    assertThat(visitor.get("/").body()).contains("<strong>victor</strong> (viewer)");
    // When: again, in the same browser
    visitor.signIn("victor", passwords.get("victor"));
    // Then: the id before is worth nothing
    assertThat(visitor.session()).isNotEqualTo(first);
    var thief = new ConsoleVisitor(http, console.port());
    thief.cookies.put(name, first);
    assertThat(thief.get("/").statusCode()).isEqualTo(303);
    // When
    thief.cookies.put(name, visitor.session());
    assertThat(thief.get("/").statusCode()).isEqualTo(200);
    visitor.post("/sign-out", Map.of());
    // Then
    assertThat(visitor.session()).isEmpty();
    assertThat(thief.get("/").statusCode()).isEqualTo(303);
  }

  @Test
  void shouldGoWhereOneWantedToGo() throws Exception {
    // Given
    var visitor = new ConsoleVisitor(http, console.port());
    String to = visitor.get("/cancels?q=a%26b").headers().firstValue("Location").orElse("");
    Map<String, String> form = new LinkedHashMap<>();
    form.put("name", "victor");
    form.put("password", passwords.get("victor"));
    form.put("csrf", visitor.token(to));
    form.put("to", "/cancels?q=a%26b");
    assertThat(visitor.get(to).body()).contains("value=\"/cancels?q=a%26b\"");
    form.put("csrf", visitor.token(to));
    // When
    var response = visitor.post("/sign-in", form, Map.of("Origin", visitor.origin()));
    // Then
    assertThat(response.headers().firstValue("Location")).contains("/cancels?q=a%26b");
    // When
    for (String elsewhere : List.of("//elsewhere.example", "https://elsewhere.example", "/\\e")) {
      form.put("csrf", visitor.token("/sign-in"));
      form.put("to", elsewhere);
      var answer = visitor.post("/sign-in", form, Map.of("Origin", visitor.origin()));
      // Then
      assertThat(answer.headers().firstValue("Location")).as(elsewhere).contains("/");
    }
  }

  @Test
  void shouldTellWhoHasNoNameHereFromWhoHasAWrongPasswordInNothing() throws Exception {
    // Given
    var visitor = new ConsoleVisitor(http, console.port());
    // When
    HttpResponse<String> wrong = visitor.signIn("victor", "no-password-of-his");
    HttpResponse<String> unknown = visitor.signIn("nobody", "no-password-of-his");
    // Then
    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(unknown.statusCode()).isEqualTo(403);
    String token = "value=\"[^\"]+\"";
    assertThat(unknown.body().replaceAll(token, ""))
        .contains("Name and password do not fit.")
        .isEqualTo(wrong.body().replaceAll(token, ""));
    assertThat(visitor.session()).isEmpty();
  }

  @Test
  void shouldLetNobodyTryForEverAndNobodyElseBeLockedOutByIt() throws Exception {
    // Given
    var visitor = new ConsoleVisitor(http, console.port());
    int refused = 0;
    int status = 403;
    // When: a try more is allowed every half minute, which a slow machine may take for a few
    while (status != 429 && refused < 15) {
      status = visitor.signIn("locked", "wrong password " + refused).statusCode();
      if (status == 403) {
        refused++;
      } else if (status == 429) {
        status = visitor.signIn("locked", passwords.get("locked")).statusCode();
      }
    }
    // Then
    assertThat(status).isEqualTo(429);
    assertThat(refused).isGreaterThanOrEqualTo(5);
    assertThat(signedIn("victor").session()).isNotEmpty();
  }

  private interface Forgery {
    void of(ConsoleVisitor visitor, Map<String, String> form, Map<String, String> headers)
        throws Exception;
  }

  /** Each has one thing wrong, and all else right. */
  private Map<String, Forgery> forgeries() {
    Map<String, Forgery> all = new LinkedHashMap<>();
    all.put("no session", (visitor, _, _) -> visitor.cookies.clear());
    all.put(
        "a session that nobody has",
        (visitor, _, _) ->
            visitor.cookies.replaceAll((_, id) -> id.substring(1) + id.substring(0, 1)));
    all.put("no token", (_, form, _) -> form.remove("csrf"));
    all.put("a wrong token", (_, form, _) -> form.put("csrf", "x" + form.get("csrf").substring(1)));
    all.put(
        "the token of another session of his",
        (_, form, _) -> form.put("csrf", signedIn("olivia").token("/")));
    all.put(
        "another origin", (_, _, headers) -> headers.put("Origin", "https://elsewhere.example"));
    all.put(
        "another port's origin", (_, _, headers) -> headers.put("Origin", "http://127.0.0.1:1"));
    all.put("an origin that is hidden", (_, _, headers) -> headers.put("Origin", "null"));
    all.put("another site's page", (_, _, headers) -> headers.put("Sec-Fetch-Site", "cross-site"));
    all.put("another port's page", (_, _, headers) -> headers.put("Sec-Fetch-Site", "same-site"));
    all.put("no word of where it is from", (_, _, headers) -> headers.clear());
    return all;
  }

  @Test
  void shouldTakeNothingThatIsNotOfAPageOfThisSession() throws Exception {
    String run = UUID.randomUUID().toString();
    for (Map.Entry<String, Forgery> each : forgeries().entrySet()) {
      // Given
      ConsoleVisitor visitor = signedIn("olivia");
      Map<String, String> form = new LinkedHashMap<>();
      form.put("venue", PAUSED);
      form.put("reason", "forged: " + each.getKey() + " " + run);
      form.put("csrf", visitor.token("/venues"));
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("Origin", visitor.origin());
      headers.put("Sec-Fetch-Site", "same-origin");
      Map<String, String> own = Map.copyOf(visitor.cookies);
      Map<String, String> right = new LinkedHashMap<>(form);
      right.put("reason", "right: " + each.getKey() + " " + run);
      each.getValue().of(visitor, form, headers);
      // When
      HttpResponse<String> response = visitor.post("/venues/resume", form, headers);
      // Then
      assertThat(response.statusCode()).as(each.getKey()).isEqualTo(403);
      // When: with that one thing right
      visitor.cookies.putAll(own);
      var taken = visitor.post("/venues/resume", right, Map.of("Origin", visitor.origin()));
      // Then
      assertThat(taken.statusCode()).as(each.getKey()).isEqualTo(303);
    }
    // Then
    assertThat(actions(reason -> reason.endsWith(run)))
        .extracting(ConsoleAction::getReason)
        .containsOnly(
            forgeries().keySet().stream()
                .map(each -> "right: " + each + " " + run)
                .toArray(String[]::new));
  }

  @Test
  void shouldTakeNoSignInThatAnotherPageMade() throws Exception {
    // Given
    var visitor = new ConsoleVisitor(http, console.port());
    var form = Map.of("name", "victor", "password", passwords.get("victor"), "csrf", "x");
    visitor.get("/sign-in");
    // When, then
    assertThat(visitor.post("/sign-in", form, Map.of("Origin", visitor.origin())).statusCode())
        .isEqualTo(403);
    Map<String, String> right = new LinkedHashMap<>(form);
    right.put("csrf", visitor.token("/sign-in"));
    assertThat(visitor.post("/sign-in", right, Map.of("Origin", "null")).statusCode())
        .isEqualTo(403);
    assertThat(visitor.session()).isEmpty();
  }

  @Test
  void shouldEndASessionWhosePasswordWasChanged() throws Exception {
    // Given: sessions of its own, which no other test's are too many for
    ConsoleVisitor visitor = signedIn("victor");
    ConsoleVisitor olivia = signedIn("olivia");
    ConsoleVisitor kim = signedIn("kim");
    Map<String, String> changed = new LinkedHashMap<>(lines);
    changed.put("victor", line("victor", "another-" + UUID.randomUUID()));
    try {
      // When
      write(changed);
      // Then
      Awaitility.await("out")
          .atMost(PATIENCE)
          .until(() -> visitor.get("/switches").body().contains("Your session has ended"));
      assertThat(visitor.get("/").statusCode()).isEqualTo(303);
      assertThat(get("/").statusCode()).as("somebody else's").isEqualTo(200);
      // When: a line that makes no sense
      changed.put("olivia", "olivia operator nonsense");
      write(changed);
      // Then: it is hers alone
      awaitStatus(olivia, 303);
      assertThat(kim.get("/").statusCode()).isEqualTo(200);
      // When
      Files.delete(users);
      // Then
      awaitStatus(kim, 303);
    } finally {
      write(lines);
    }
    awaitStatus(kim, 200);
    assertThat(olivia.get("/").statusCode()).isEqualTo(200);
    assertThat(visitor.get("/").statusCode())
        .as("its session was under the hash before")
        .isEqualTo(200);
  }

  private static void awaitStatus(ConsoleVisitor who, int status) {
    Awaitility.await("status " + status)
        .atMost(PATIENCE)
        .until(() -> who.get("/").statusCode() == status);
  }

  @Test
  void shouldTakeNoPostThatIsNoFormAndShowNothingByAnothersName() throws Exception {
    // Given: what may be as long as one likes
    var visitor = new ConsoleVisitor(http, console.port());
    String type = "multipart/form-data; boundary=x";
    // When
    HttpResponse<String> parts =
        visitor.post(
            "/sign-in", Map.of(), Map.of("Origin", visitor.origin(), "Content-Type", type));
    String other = answer(console.port(), "/kill", "evil.example");
    // Then
    assertThat(parts.statusCode()).as(parts.body()).isEqualTo(415);
    assertThat(other).contains(" 403 ", "answers to localhost").doesNotContain("banner", "/venues");
  }

  @Test
  void shouldEndASessionThatNobodyUsesAndSendItsCookieByTlsAlone() throws Exception {
    // Given: one that browsers reach by a proxy, too
    try (Console brief =
        Console.open(
            new ConsoleSettings(
                connection,
                "127.0.0.1",
                0,
                Duration.ofMinutes(1),
                10,
                1,
                10,
                1,
                Duration.ofSeconds(7),
                new AccessSettings(
                    users,
                    URI.create("https://console.example"),
                    Duration.ofSeconds(2),
                    Duration.ofHours(1))),
            actions())) {
      // When
      String answer = head(brief.port(), "console.example");
      // Then
      assertThat(answer).contains(" 200 ", "__Host-countermand-form=", "; Secure", "; HttpOnly");
      assertThat(head(brief.port(), "other.example")).contains(" 403 ");
      // Given
      var visitor = new ConsoleVisitor(http, brief.port());
      String token =
          Awaitility.await("a page before it ends")
              .atMost(PATIENCE)
              .until(
                  () -> {
                    visitor.signIn("olivia", passwords.get("olivia"));
                    return visitor.token("/");
                  },
                  each -> !each.isEmpty());
      // When: an open page asks again and again, by itself
      Awaitility.await("ended")
          .atMost(PATIENCE)
          .until(() -> visitor.get("/switches").body().contains("Your session has ended"));
      // Then
      String reason = UUID.randomUUID().toString();
      var form = Map.of("venue", PAUSED, "reason", reason, "csrf", token);
      assertThat(
              visitor.post("/venues/resume", form, Map.of("Origin", visitor.origin())).statusCode())
          .isEqualTo(403);
      assertThat(actions(reason)).isEmpty();
    }
  }

  /** The first lines that answer a browser which was told that name. */
  private static String head(int port, String host) throws IOException {
    return answer(port, "/sign-in", host)
        .lines()
        .takeWhile(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private static String answer(int port, String path, String host) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .lines()
          .collect(Collectors.joining("\n"));
    }
  }

  @Test
  void shouldTellNoPasswordAndNoSessionAnywhere() throws Exception {
    // Given
    var heard = new ListAppender<ILoggingEvent>();
    heard.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(heard);
    List<String> secrets = new ArrayList<>();
    List<String> shown = new ArrayList<>();
    String wrong = "canary-wrong-" + UUID.randomUUID();
    try {
      // When: right and wrong, in the wrong field, in forms that make no sense, and in actions
      ConsoleVisitor visitor = signedIn("olivia");
      String reason = "secrets " + UUID.randomUUID();
      visitor.post("/venues/resume", Map.of("venue", PAUSED, "reason", reason));
      visitor.post("/venues/resume", Map.of("venue", PAUSED));
      visitor.post("/venues/resume", Map.of("venue", "nowhere", "reason", reason));
      visitor.get("/actions");
      var other = new ConsoleVisitor(http, console.port());
      other.signIn("victor", wrong);
      other.signIn(wrong, wrong);
      other.signIn("victor", wrong.repeat(100));
      assertThat(actions(reason)).hasSize(2);
      secrets.add(wrong);
      secrets.addAll(passwords.values());
      secrets.add(visitor.session());
      shown.addAll(visitor.pages);
      shown.addAll(other.pages);
    } finally {
      root.detachAppender(heard);
    }
    // Then
    for (String topic : List.of(Topics.CONSOLE_ACTIONS, Topics.PAUSES, Topics.MASS_CANCELS)) {
      records(topic)
          .forEach(each -> shown.add(new String(each.value(), StandardCharsets.ISO_8859_1)));
    }
    assertThat(heard.list).anyMatch(each -> each.getMessage().equals("sign-in refused"));
    for (ILoggingEvent each : List.copyOf(heard.list)) {
      shown.add(
          each.getFormattedMessage()
              + each.getKeyValuePairs()
              + (each.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(each.getThrowableProxy())));
    }
    assertThat(secrets).allMatch(each -> each.length() > 30);
    assertThat(shown)
        .allSatisfy(each -> assertThat(secrets).noneMatch(secret -> each.contains(secret)));
  }
}
