package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.client.Connection;
import io.countermand.events.OrderKey;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits and certificate of a door: the other tests lift the one and leave out the other. */
@Tag("front") // infra/compose/ci
class DoorLimitsTest extends DoorScenario {

  private static final String PASSWORD = "changeit";

  DoorLimitsTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Test
  void shouldAnswerNoMoreThanARateAndSayWhenToComeAgain() throws Exception {
    // Given
    try (Door limited = openDoor(2, 1, null)) {
      var caller = new DoorVisitor(http, limited.port(), visitor.token());
      var another = new DoorVisitor(http, limited.port(), other.token());
      // When
      List<DoorVisitor.Answer> answers = new ArrayList<>();
      for (int i = 0; i < 30 && answers.stream().noneMatch(each -> each.status() == 429); i++) {
        answers.add(caller.get("/v1/nothing"));
      }
      // Then
      assertThat(answers).hasSizeGreaterThan(2);
      assertThat(answers.getLast().status()).isEqualTo(429);
      assertThat(answers.getLast().header("Retry-After")).isEqualTo("1");
      assertThat(another.get("/v1/nothing").status()).as("its own rate").isEqualTo(404);
    }
  }

  @Test
  void shouldOpenNoMoreStreamsThanItMay() throws Exception {
    // Given
    try (Door limited = openDoor(100, 1, null)) {
      var caller = new DoorVisitor(http, limited.port(), visitor.token());
      try (var first = events(caller, "/v1/outcomes")) {
        assertThat(first.readLine()).startsWith("id: ");
        // When
        DoorVisitor.Answer second = caller.get("/v1/outcomes");
        // Then
        assertThat(second.status()).isEqualTo(503);
        assertThat(second.body().get("title").asText()).isEqualTo("TOO_MANY_STREAMS");
      }
    }
  }

  @Test
  void shouldLeaveStreamsToOthers() throws Exception {
    // Given
    try (Door limited = openDoor(100, 4, null)) {
      var caller = new DoorVisitor(http, limited.port(), visitor.token());
      try (var first = events(caller, "/v1/outcomes")) {
        assertThat(first.readLine()).startsWith("id: ");
        // When
        DoorVisitor.Answer second = caller.get("/v1/outcomes");
        // Then
        assertThat(second.status()).isEqualTo(429);
        assertThat(second.header("Retry-After")).isEqualTo("10");
        assertThat(second.body().get("title").asText()).isEqualTo("TOO_MANY_STREAMS_OF_CALLER");
        var another = new DoorVisitor(http, limited.port(), other.token());
        try (var others = events(another, "/v1/outcomes")) {
          assertThat(others.readLine()).startsWith("id: ");
        }
      }
    }
  }

  @Test
  void shouldLetNoMoreRequestsWaitThanItMay() throws Exception {
    // Given: one that waits
    try (Door limited = openDoor(100, 1, null, tokens, null, 1)) {
      var caller = new DoorVisitor(http, limited.port(), visitor.token());
      OrderKey silent = place();
      CountDownLatch answer = hold(silent);
      var first = waiting(caller, silent, Pipeline.id());
      Awaitility.await().atMost(PATIENCE).until(() -> calls(silent) == 1);
      // When
      OrderKey order = place();
      String key = UUID.randomUUID().toString();
      DoorVisitor.Answer second =
          caller.cancel(body(order), "Prefer", "wait=60", "Idempotency-Key", key);
      // Then
      assertThat(second.status()).as("%s", second.body()).isEqualTo(503);
      assertThat(second.header("Retry-After")).isEqualTo("1");
      assertThat(second.header("Content-Type")).startsWith("application/problem+json");
      assertThat(second.body().path("title").asText()).isEqualTo("TOO_MANY_WAITING");
      assertThat(caller.cancel(body(place())).status())
          .as("one that does not wait is taken all the same")
          .isEqualTo(202);
      answer.countDown();
      assertThat(first.get(60, TimeUnit.SECONDS).body().path("result").asText())
          .isEqualTo("CANCELED");
      assertThat(caller.cancel(body(order), "Prefer", "wait=60").body().path("result").asText())
          .as("nothing was published, so this is its first cancel")
          .isEqualTo("CANCELED");
    }
  }

  @Test
  void shouldFollowTheLastCancelsThatNobodyWaitsForAndLoseNoOutcome() throws Exception {
    // Given
    try (Door limited = openDoor(100, 1, null, tokens, null, 1)) {
      Awaitility.await().atMost(PATIENCE).until(() -> limited.missing().isEmpty());
      var caller = new DoorVisitor(http, limited.port(), visitor.token());
      OrderKey older = place();
      OrderKey newer = place();
      hold(older);
      hold(newer);
      // When
      String first = caller.cancel(body(older)).header("Location");
      DoorVisitor.Answer followed = caller.get(first);
      String second = caller.cancel(body(newer)).header("Location");
      // Then
      assertThat(followed.status()).isEqualTo(200);
      assertThat(followed.body().path("result").isNull()).isTrue();
      assertThat(caller.get(first).body().path("title").asText()).isEqualTo("NO_OUTCOME_KNOWN");
      assertThat(caller.get(second).status()).isEqualTo(200);
      letGo();
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(caller.get(first).body().path("result").asText())
                      .isEqualTo("CANCELED"));
    }
  }

  /** Kafka has them later, or never; nobody knows, and nobody waits. */
  @Test
  void shouldFollowNoMoreOfThoseThatAreNotKnownToBePublished() throws Exception {
    // Given: a producer that keeps for a minute what it is given
    Map<String, String> slow = Map.of("linger.ms", "60000", "delivery.timeout.ms", "90000");
    var settings =
        new DoorSettings(
            Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl())
                .withKafka(slow),
            "127.0.0.1",
            0,
            tokens,
            null,
            null,
            100,
            10_000,
            10_000,
            1,
            1,
            Duration.ofSeconds(15),
            Set.copyOf(stack.venues().keySet()));
    try (Door limited = Door.open(settings, masses, Duration.ofMillis(500))) {
      Awaitility.await().atMost(PATIENCE).until(() -> limited.missing().isEmpty());
      var caller = new DoorVisitor(http, limited.port(), visitor.token());
      List<String> places = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        OrderKey order = place();
        String key = UUID.randomUUID().toString();
        places.add("/v1/cancels/" + order.key() + "/" + key);
        // When
        DoorVisitor.Answer answer = caller.cancel(body(order), "Idempotency-Key", key);
        // Then
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(503);
        assertThat(answer.body().path("title").asText()).isEqualTo("KAFKA_UNREACHABLE");
        assertThat(caller.get(places.getLast()).body().path("published").asBoolean(true))
            .as("it is followed")
            .isFalse();
      }
      assertThat(caller.get(places.getFirst()).body().path("title").asText())
          .as("one is let go for the other")
          .isEqualTo("NO_OUTCOME_KNOWN");
    }
  }

  /** Who asks again with the same key and waits is another request than the one that is let go. */
  @Test
  void shouldLetNobodyGoWhoWaits() throws Exception {
    // Given: one cancel, asked for twice
    try (Door limited = openDoor(100, 1, null, tokens, null, 1)) {
      var caller = new DoorVisitor(http, limited.port(), visitor.token());
      OrderKey order = place();
      CountDownLatch answer = hold(order);
      String key = UUID.randomUUID().toString();
      String where = caller.cancel(body(order), "Idempotency-Key", key).header("Location");
      var waits = waiting(caller, order, key);
      Awaitility.await().atMost(PATIENCE).until(() -> calls(order) == 1);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> waiting(caller, place(), Pipeline.id()).get().status() == 503);
      // When: two that come later
      OrderKey other = place();
      hold(other);
      assertThat(caller.cancel(body(other)).status()).isEqualTo(202);
      assertThat(caller.cancel(body(place())).status()).isEqualTo(202);
      answer.countDown();
      // Then
      assertThat(waits.get(60, TimeUnit.SECONDS).body().path("result").asText())
          .isEqualTo("CANCELED");
      assertThat(caller.get(where).body().path("result").asText()).isEqualTo("CANCELED");
      letGo(); // a door that closes waits for its cancels
    }
  }

  private static CompletableFuture<DoorVisitor.Answer> waiting(
      DoorVisitor caller, OrderKey order, String key) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return caller.cancel(body(order), "Prefer", "wait=60", "Idempotency-Key", key);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void shouldServeItsCertificateAndNoPlainText(@TempDir Path keys) throws Exception {
    // Given
    Path keystore = keys.resolve("door.p12");
    run(
        "-genkeypair",
        "-keystore",
        keystore.toString(),
        "-storetype",
        "PKCS12",
        "-storepass",
        PASSWORD,
        "-alias",
        "door",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=ip:127.0.0.1",
        "-validity",
        "2");
    KeyStore trusted = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (Door secured = openDoor(100, 1, new DoorSettings.Tls(keystore, PASSWORD));
        HttpClient trusting = HttpClient.newBuilder().sslContext(context).build()) {
      OrderKey order = place();
      // When
      var caller = new DoorVisitor(trusting, secured.port(), visitor.token(), "https");
      DoorVisitor.Answer answer = caller.cancel(body(order), "Prefer", "wait=60");
      // Then
      assertThat(answer.body().path("result").asText()).isEqualTo("CANCELED");
      assertThatThrownBy(
              () ->
                  new DoorVisitor(http, secured.port(), visitor.token(), "https")
                      .get("/openapi.json"))
          .as("by whom its authority is not known")
          .hasMessageContaining("certification path");
      assertThatThrownBy(
              () -> new DoorVisitor(http, secured.port(), visitor.token()).get("/openapi.json"))
          .as("plain")
          .isInstanceOf(IOException.class);
    }
  }

  private static void run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
