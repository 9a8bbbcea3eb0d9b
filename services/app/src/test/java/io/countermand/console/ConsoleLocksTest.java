package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.console.actions.Actions;
import io.countermand.kafka.client.MassCancels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody who signed in must not do: refused, and done with the one role that he lacks. */
@Tag("long")
class ConsoleLocksTest extends ActingScenario {

  /** That no other test calls. */
  private static final String IDLE = "neuratrade";

  private static final String ACCOUNT_OF_ITS_OWN = "Locks" + UUID.randomUUID();

  private static final String AUDIT = "/audit?name=" + AuditReportSample.NAME;
  private static final String AUDIT_FILE =
      "/audit/file?file=audit.html&name=" + AuditReportSample.NAME;

  private MassCancels masses;
  private String fired = "";
  private String letter = "";
  private String proposed = "";
  private String unwanted = "";

  @TempDir private static Path written;

  private interface Asked {
    HttpResponse<String> by(ConsoleVisitor visitor) throws Exception;
  }

  /**
   * @param done status
   */
  private record Deed(String who, String what, String lacks, int done, Asked asked) {

    @Override
    public String toString() {
      return who + " (" + ROLES.get(who) + ") " + what + ", but with the role " + lacks;
    }
  }

  ConsoleLocksTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Override
  Actions actions() {
    return act(TWO_PEOPLE);
  }

  @Override
  Path reports() {
    try {
      return AuditReportSample.in(written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  void prepare() throws Exception {
    masses = new MassCancels(stack.connection());
    fired = fire(masses, ACCOUNT_OF_ITS_OWN);
    await("/kill", fired);
    RecordMetadata at =
        publish(("no record " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8));
    String source = at.topic() + "-" + at.partition() + "@" + at.offset();
    String link = letterLink(await("/dead-letters", source), source);
    letter = "dead-letters-" + link.replaceAll(".*partition=([0-9]+)&offset=([0-9]+)", "$1@$2");
    proposed = propose(ACCOUNT_OF_ITS_OWN + "b", 0, "test");
    unwanted = propose(ACCOUNT_OF_ITS_OWN + "c", 0, "test");
  }

  @AfterAll
  void tidy() throws Exception {
    write(lines);
    resume(signedIn("boss"));
    release(masses, fired);
    masses.close();
  }

  private static HttpResponse<String> resume(ConsoleVisitor visitor) throws Exception {
    return visitor.post("/venues/resume", Map.of("venue", IDLE, "reason", "test"));
  }

  private static HttpResponse<String> pause(ConsoleVisitor visitor) throws Exception {
    return visitor.post(
        "/venues/pause", Map.of("venue", IDLE, "until", "resumed", "reason", "test"));
  }

  private static HttpResponse<String> count(ConsoleVisitor visitor) throws Exception {
    return visitor.post(
        "/kill/count", Map.of("venue", VENUE, "account", ACCOUNT_OF_ITS_OWN, "reason", "test"));
  }

  private HttpResponse<String> requeue(ConsoleVisitor visitor) throws Exception {
    return visitor.post("/dead-letters/requeue", Map.of("place", letter, "reason", "test"));
  }

  private HttpResponse<String> confirm(ConsoleVisitor visitor) throws Exception {
    return visitor.post("/kill/second", Map.of("id", proposed, "word", "kill 0", "reason", "test"));
  }

  private HttpResponse<String> withdraw(ConsoleVisitor visitor) throws Exception {
    return visitor.post("/kill/withdraw", Map.of("id", unwanted, "reason", "test"));
  }

  private HttpResponse<String> off(ConsoleVisitor visitor) throws Exception {
    return visitor.post("/kill/release", Map.of("id", fired, "reason", "test"));
  }

  Stream<Deed> deeds() {
    return Stream.of(
        new Deed("victor", "pauses a venue", "operator", 303, ConsoleLocksTest::pause),
        new Deed("kim", "resumes a venue", "operator", 303, ConsoleLocksTest::resume),
        new Deed("audrey", "sends a dead letter again", "operator", 303, this::requeue),
        new Deed("olivia", "counts for a mass cancel", "killer", 303, ConsoleLocksTest::count),
        new Deed("olivia", "builds a mass cancel", "killer", 200, who -> who.get("/kill/build")),
        new Deed("victor", "releases a kill switch", "killer", 303, this::off),
        new Deed("olivia", "confirms what another proposed", "killer", 303, this::confirm),
        new Deed("audrey", "withdraws what another proposed", "killer", 303, this::withdraw),
        new Deed("kim", "sees audits", "auditor", 200, who -> who.get("/audits")),
        new Deed("olivia", "sees an audit", "auditor", 200, who -> who.get(AUDIT)),
        new Deed("victor", "takes an audit home", "auditor", 200, who -> who.get(AUDIT_FILE)),
        new Deed("olivia", "sees who did what", "auditor", 200, who -> who.get("/actions")),
        new Deed("kim", "sees who did what", "auditor", 200, who -> who.get("/actions")));
  }

  /** Kind h of docs/security.md: without the role. */
  @ParameterizedTest
  @MethodSource("deeds")
  void shouldRefuseWhoLacksTheRole(Deed deed) throws Exception {
    // Given
    ConsoleVisitor visitor = signedIn(deed.who());
    HttpResponse<String> refused = deed.asked().by(visitor);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("for the role " + deed.lacks());
    // When: the same session, and one role more
    Map<String, String> changed = new LinkedHashMap<>(lines);
    String roles = " " + ROLES.get(deed.who());
    changed.computeIfPresent(
        deed.who(), (_, line) -> line.replaceFirst(roles, roles + "," + deed.lacks()));
    try {
      write(changed);
      // Then
      Awaitility.await(deed.toString())
          .atMost(PATIENCE)
          .until(() -> deed.asked().by(visitor).statusCode(), status -> status == deed.done());
    } finally {
      write(lines);
    }
    Awaitility.await("without it again")
        .atMost(PATIENCE)
        .until(() -> deed.asked().by(visitor).statusCode(), status -> status == 403);
  }

  /** Kind h: a killer, but he who proposed it; the same by another killer. */
  @Test
  void shouldRefuseWhoConfirmsWhatHeProposed() throws Exception {
    // Given
    String id = propose(ACCOUNT_OF_ITS_OWN + "d", 0, "test");
    Map<String, String> form = Map.of("id", id, "word", "kill 0", "reason", "test");
    // When, then
    assertThat(signedIn("kim").post("/kill/second", form).statusCode()).isEqualTo(403);
    assertThat(signedIn("boss").post("/kill/second", form).statusCode()).isEqualTo(303);
  }

  /** Kind h: without a session that holds; each is as the first once he has signed in again. */
  @Test
  void shouldRefuseWhoIsNotSignedInAnyMore() throws Exception {
    for (String how : List.of("never", "signed out", "a password that was changed")) {
      // Given
      ConsoleVisitor visitor = signedIn("boss");
      String token = visitor.token("/");
      Map<String, String> headers = Map.of("Origin", visitor.origin());
      Map<String, String> changed = new LinkedHashMap<>(lines);
      changed.put("boss", line("boss", "another-" + UUID.randomUUID()));
      String why = how + " " + UUID.randomUUID();
      Map<String, String> form = Map.of("venue", IDLE, "reason", why, "csrf", token);
      switch (how) {
        case "never" -> visitor.cookies.clear();
        case "signed out" -> {
          Map<String, String> cookies = Map.copyOf(visitor.cookies);
          visitor.post("/sign-out", Map.of());
          visitor.cookies.putAll(cookies);
        }
        default -> {
          write(changed);
          Awaitility.await("out")
              .atMost(PATIENCE)
              .until(() -> visitor.get("/venues").statusCode(), status -> status == 303);
        }
      }
      // When, then
      assertThat(visitor.post("/venues/resume", form, headers).statusCode()).as(how).isEqualTo(403);
      assertThat(actions(why)).as(how).isEmpty();
      // and by who is signed in
      write(lines);
      Awaitility.await("in again")
          .atMost(PATIENCE)
          .until(
              () -> visitor.signIn("boss", passwords.get("boss")).statusCode(),
              status -> status == 303);
      assertThat(visitor.post("/venues/resume", Map.of("venue", IDLE, "reason", why)).statusCode())
          .as(how)
          .isEqualTo(303);
      assertThat(actions(why)).as(how).isNotEmpty();
    }
  }
}
