package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.OrderKey;
import io.countermand.oidc.OidcSettings;
import io.countermand.oidc.TestIssuer;
import io.countermand.platform.Topics;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tokens that an issuer signs, and those of the file beside them, before the real pipeline. */
@Tag("front") // infra/compose/ci
class OidcDoorTest extends DoorScenario {

  /** An issuer that was away is asked again. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final TestIssuer issuer = TestIssuer.open();

  OidcDoorTest(PipelineAccess.Stack stack) throws Exception {
    super(stack);
  }

  @Override
  OidcSettings oidc() {
    return issuer.settings();
  }

  @AfterAll
  void closeIssuer() {
    issuer.close();
  }

  private DoorVisitor bearer(String token) {
    return new DoorVisitor(http, door.port(), token);
  }

  @Test
  void shouldCancelAndRecordWhoItWasButNeverTheToken() throws Exception {
    // Given
    OrderKey order = place();
    String token = issuer.token("algo-7@desk", "cancel read", VENUE + "/" + ACCOUNT);
    // When
    DoorVisitor.Answer answer = bearer(token).cancel(body(order), "Prefer", "wait=60");
    // Then
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.body().get("result").asText()).isEqualTo("CANCELED");
    assertThat(intent(order))
        .contains("algo-7@desk")
        .doesNotContain(token, token.substring(token.lastIndexOf('.') + 1));
  }

  /** The record as it stands in Kafka. */
  private String intent(OrderKey order) {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", stack.connection().bootstrapServers());
    try (var consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          consumer.partitionsFor(Topics.INTENTS).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      List<String> found = new ArrayList<>();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(
                        each -> {
                          String text = new String(each.value(), StandardCharsets.UTF_8);
                          if (text.contains(order.orderId())) {
                            found.add(text);
                          }
                        });
                return !found.isEmpty();
              });
      return found.getFirst();
    }
  }

  @Test
  void shouldNameWhoMassCancelled() throws Exception {
    String account = "Oidc" + System.nanoTime();
    var caller = bearer(issuer.token("risk-desk", "mass-cancel read", VENUE + "/" + account));
    DoorVisitor.Answer answer =
        caller.massCancel(
            Map.of(
                "scope", Map.of("venue", VENUE, "account", account), "by", "jane", "reason", "x"),
            "Prefer",
            "wait=60");
    assertThat(answer.body().path("by").asText()).as("%s", answer).isEqualTo("risk-desk: jane");
  }

  @Test
  void shouldSayWhatIsWrongWithATokenAndRepeatNothingOfIt() throws Exception {
    // Given
    JwtClaims claims = issuer.claims("somebody-secret", "read", "*");
    claims.setAudience("elsewhere-secret");
    // When
    DoorVisitor.Answer answer = bearer(issuer.sign(claims)).get("/v1/kill-switches");
    // Then
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
    assertThat(answer.body().get("detail").asText()).contains("aud").doesNotContain("secret");
    HttpRequest without = visitor.request("/v1/no").setHeader("Authorization", "").build();
    assertThat(visitor.answer(without).header("WWW-Authenticate"))
        .as("who shows no token is told of no error of it")
        .isEqualTo("Bearer");
    for (String other : List.of("a.b.c", "..", "a".repeat(9_000), "a.b." + "c".repeat(9_000))) {
      assertThat(bearer(other).get("/v1/kill-switches").status()).isEqualTo(401);
    }
    claims.setAudience(TestIssuer.AUDIENCE);
    claims.setClaim("countermand_accounts", List.of("no-slash"));
    assertThat(bearer(issuer.sign(claims)).get("/v1/kill-switches").status()).isEqualTo(401);
  }

  @Test
  void shouldTakeTokensOfTheFileBesideThemAndOfNoOtherIssuer() throws Exception {
    assertThat(visitor.get("/v1/kill-switches").status()).isEqualTo(200);
    try (var other = TestIssuer.open()) {
      DoorVisitor.Answer answer = bearer(other.token("all", "read", "*")).get("/v1/kill-switches");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.body().get("detail").asText()).contains(issuer.name());
    }
  }

  @Test
  void shouldEndAStreamWhenItsTokenEnds() throws Exception {
    // Given: half a minute is forgiven, and where that was over too soon there is another token
    HttpResponse<InputStream> stream =
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  JwtClaims claims = issuer.claims("listener", "read", "*");
                  TestIssuer.ends(claims, Duration.ofSeconds(-27));
                  HttpRequest request = bearer(issuer.sign(claims)).request("/v1/outcomes").build();
                  return http.send(request, BodyHandlers.ofInputStream());
                },
                answer -> answer.statusCode() == 200);
    // When
    try (var lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      // Then
      Map<String, String> event = next(lines);
      while (event.get("event").equals("outcome")) {
        event = next(lines);
      }
      assertThat(event).containsEntry("event", "problem");
      assertThat(event.get("data")).contains("NOT_AUTHORISED");
      assertThat(lines.read()).isEqualTo(-1);
    }
  }

  /** Its keys count for so short a time that they are too old before the issuer is back. */
  @Test
  void shouldSayOfAStreamThatItsTokenCannotBeCheckedNow() throws Exception {
    try (var leaving = TestIssuer.open();
        Door brief =
            openDoor(1_000, 20, null, tokens, leaving.settings(Duration.ofSeconds(3), SOON))) {
      // Given
      var listener = new DoorVisitor(http, brief.port(), leaving.token("listener", "read", "*"));
      HttpRequest request = listener.request("/v1/outcomes").build();
      HttpResponse<InputStream> stream =
          Awaitility.await()
              .atMost(PATIENCE)
              .until(
                  () -> http.send(request, BodyHandlers.ofInputStream()),
                  answer -> answer.statusCode() == 200);
      // When
      leaving.away();
      // Then
      try (var lines =
          new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
        Map<String, String> event = next(lines);
        while (event.get("event").equals("outcome")) {
          event = next(lines);
        }
        assertThat(event).containsEntry("event", "problem");
        assertThat(event.get("data")).contains("ISSUER_UNREACHABLE", "Last-Event-ID");
        assertThat(lines.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void shouldCountRequestsOfASubjectNotOfAToken() throws Exception {
    // Given
    try (Door limited = openDoor(2, 1, null)) {
      // When
      List<DoorVisitor.Answer> answers = new ArrayList<>();
      for (int i = 0; i < 60 && answers.stream().noneMatch(each -> each.status() == 429); i++) {
        String another = issuer.token("desk-a", "read", "*");
        answers.add(new DoorVisitor(http, limited.port(), another).get("/v1/nothing"));
      }
      // Then
      assertThat(answers.getLast().status()).isEqualTo(429);
      for (String own : List.of(visitor.token(), issuer.token("desk-c", "read", "*"))) {
        assertThat(new DoorVisitor(http, limited.port(), own).get("/v1/nothing").status())
            .as("whose name in the file is the same, and another subject")
            .isEqualTo(404);
      }
    }
  }

  @Test
  void shouldOpenThoughTheIssuerIsAwayAndSayThatNobodyCanKnow() throws Exception {
    try (var late = TestIssuer.open()) {
      // Given
      String token = late.token("desk-a", "read", "*");
      late.away();
      OidcSettings settings = late.settings(Duration.ofHours(24), SOON);
      try (Door waiting = openDoor(1_000, 1, null, tokens, settings);
          Door only = openDoor(1_000, 1, null, null, settings)) {
        var signed = new DoorVisitor(http, waiting.port(), token);
        // When
        DoorVisitor.Answer answer = signed.get("/v1/nothing");
        // Then
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.header("Retry-After")).isEqualTo("10");
        assertThat(answer.body().get("title").asText()).isEqualTo("ISSUER_UNREACHABLE");
        assertThat(answer.body().get("detail").asText()).contains(late.name());
        assertThat(new DoorVisitor(http, waiting.port(), visitor.token()).get("/v1/no").status())
            .as("the file's")
            .isEqualTo(404);
        assertThat(only.missing()).anyMatch(each -> each.contains(late.name()));
        assertThat(waiting.missing()).noneMatch(each -> each.contains(late.name()));
        // When
        late.back();
        // Then
        Awaitility.await().atMost(PATIENCE).until(() -> signed.get("/v1/nothing").status() == 404);
        Awaitility.await().atMost(PATIENCE).until(() -> only.missing().isEmpty());
      }
    }
  }
}
