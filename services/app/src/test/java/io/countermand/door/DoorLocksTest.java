package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a token must not do: refused, and done with the one part that its line lacks. */
@Tag("long")
class DoorLocksTest extends DoorDeeds {

  /** The lines of the file, by token. */
  private final Map<String, String> lines = new LinkedHashMap<>();

  private final List<Deed> tokenDeeds = new ArrayList<>();
  private final List<Deed> accountDeeds = new ArrayList<>();
  private List<String> first = List.of();

  /**
   * Something that a token must not do.
   *
   * @param refused status
   * @param without its line; null: it has none
   * @param with its line once the one thing is there
   */
  private record Deed(
      String name, String token, int refused, @Nullable String without, String with, Asked asked) {

    @Override
    public String toString() {
      return name;
    }
  }

  DoorLocksTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Override
  List<String> moreTokens() {
    revoked("cancels", this::postCancel);
    revoked("looks at a cancel", caller -> caller.get(cancel).status());
    revoked("mass cancels", caller -> count(caller, VENUE, OWN));
    revoked("looks at a report", caller -> caller.get(report).status());
    revoked("releases a kill switch", this::release);
    revoked("looks at kill switches", caller -> caller.get("/v1/kill-switches").status());
    revoked("looks at an order", this::getOrder);
    revoked("listens to outcomes", this::listen);
    expired("cancels", this::postCancel);
    expired("mass cancels", caller -> count(caller, VENUE, OWN));
    expired("looks at an order", this::getOrder);
    expired("listens to outcomes", this::listen);
    verb("read", "cancel", "cancels", this::postCancel);
    verb("cancel,read", "mass-cancel", "mass cancels", caller -> count(caller, VENUE, OWN));
    verb("mass-cancel,read", "release", "releases a kill switch", this::release);
    verb("cancel", "read", "looks at a cancel", caller -> caller.get(cancel).status());
    verb("mass-cancel", "read", "looks at a report", caller -> caller.get(report).status());
    verb(
        "release",
        "read",
        "looks at kill switches",
        caller -> caller.get("/v1/kill-switches").status());
    verb("cancel", "read", "looks at an order", this::getOrder);
    verb("cancel", "read", "listens to outcomes", this::listen);
    account(403, MINE, "cancels another account's order", this::postCancel);
    account(403, MINE, "looks at another account's order", this::getOrder);
    account(403, MINE, "looks at another's cancel", caller -> caller.get(cancel).status());
    account(403, MINE, "mass cancels another account", caller -> count(caller, VENUE, OWN));
    account(403, VENUE + "/*", "mass cancels a whole venue", caller -> count(caller, VENUE, ""));
    account(403, "*/" + OWN, "mass cancels it at each venue", caller -> count(caller, "", OWN));
    account(403, "*", "mass cancels everything", caller -> count(caller, "", ""));
    account(404, MINE, "looks at another's report", caller -> caller.get(report).status());
    account(404, MINE, "releases another account's kill switch", this::release);
    first = List.copyOf(lines.values());
    return first;
  }

  private void revoked(String what, Asked asked) {
    String token = TokenFile.newToken();
    String with = TokenFile.line(token, "revoked", ALL, MINE);
    String name = "who was taken out of the file " + what + ", but with his line back";
    tokenDeeds.add(new Deed(name, token, 401, null, with, asked));
  }

  private void expired(String what, Asked asked) {
    String token = TokenFile.newToken();
    Instant now = Instant.now();
    String without = TokenFile.line(token, "expired", ALL, MINE, now.minusSeconds(1));
    String with = TokenFile.line(token, "expired", ALL, MINE, now.plusSeconds(3_600));
    lines.put(token, without);
    String name = "whose token has ended " + what + ", but with one hour more";
    tokenDeeds.add(new Deed(name, token, 401, without, with, asked));
  }

  private void verb(String verbs, String lacks, String what, Asked asked) {
    String token = TokenFile.newToken();
    String without = TokenFile.line(token, "lacks-" + lacks, verbs, MINE);
    String with = TokenFile.line(token, "lacks-" + lacks, verbs + "," + lacks, MINE);
    lines.put(token, without);
    String name = "who may " + verbs + " " + what + ", but with the verb " + lacks;
    tokenDeeds.add(new Deed(name, token, 403, without, with, asked));
  }

  private void account(int refused, String lacks, String what, Asked asked) {
    String token = TokenFile.newToken();
    String without = TokenFile.line(token, "elsewhere", ALL, OTHERS);
    String with = TokenFile.line(token, "elsewhere", ALL, OTHERS + "," + lacks);
    lines.put(token, without);
    String name = "who has one account " + what + ", but with " + lacks.replace(OWN, "Own");
    accountDeeds.add(new Deed(name, token, refused, without, with, asked));
  }

  Stream<Deed> tokens() {
    return tokenDeeds.stream();
  }

  Stream<Deed> accounts() {
    return accountDeeds.stream();
  }

  /** Kind g of docs/security.md. */
  @ParameterizedTest
  @MethodSource("tokens")
  void shouldLetNobodyInButByATokenWithThatVerb(Deed deed) throws Exception {
    shouldBeRefusedButForItsLine(deed);
  }

  /** Kind j of docs/security.md. */
  @ParameterizedTest
  @MethodSource("accounts")
  void shouldKeepATokenWithinItsAccounts(Deed deed) throws Exception {
    shouldBeRefusedButForItsLine(deed);
  }

  private void shouldBeRefusedButForItsLine(Deed deed) throws Exception {
    // Given
    var caller = new DoorVisitor(http, door.port(), deed.token());
    assertThat(deed.asked().by(caller)).isEqualTo(deed.refused());
    // When
    String before = Files.readString(tokens);
    String changed =
        deed.without() == null
            ? before + deed.with() + "\n"
            : before.replace(deed.without(), deed.with());
    assertThat(changed).isNotEqualTo(before);
    try {
      writeTokens(changed);
      // Then
      Awaitility.await(deed.name())
          .atMost(PATIENCE)
          .until(() -> deed.asked().by(caller), status -> status == 200 || status == 202);
    } finally {
      writeTokens(before);
    }
    Awaitility.await("without it again")
        .atMost(PATIENCE)
        .until(() -> deed.asked().by(caller), status -> status == deed.refused());
  }

  /** Kind g, of who shows no token, or not as one does. */
  @Test
  void shouldAnswerNobodyWithoutATokenOnAnyRoute() throws Exception {
    String given = "Bearer " + all.token();
    for (String path :
        List.of(cancel, report, "/v1/kill-switches", "/v1/orders/" + order.key(), "/v1/none")) {
      for (String header : List.of("", "Bearer ", "Basic " + all.token(), all.token())) {
        assertThat(get(path, header)).as("%s by '%s'", path, header).isEqualTo(401);
      }
      assertThat(get(path, given)).as(path).isEqualTo(path.endsWith("none") ? 404 : 200);
    }
  }

  private int get(String path, String authorization) throws Exception {
    HttpRequest.Builder request = all.request(path).setHeader("Authorization", authorization);
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}
