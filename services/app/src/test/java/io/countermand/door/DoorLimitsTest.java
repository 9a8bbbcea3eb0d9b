package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.OrderKey;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
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
