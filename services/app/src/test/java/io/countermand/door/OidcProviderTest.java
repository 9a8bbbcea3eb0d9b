package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.door.oidc.OidcSettings;
import io.countermand.events.OrderKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokens of a provider that we did not write: npm's {@code oidc-provider}, installed below {@code
 * target} once. Skipped where npm is missing or cannot install it.
 */
@Tag("long")
class OidcProviderTest extends DoorScenario {

  private static final String PROVIDER = "oidc-provider@9.13.3";
  private static final String AUDIENCE = "https://door.example";
  private static final Path DIRECTORY = Path.of("target", "oidc-provider").toAbsolutePath();

  /** It cannot be had; empty: it can. Null: not tried yet. */
  private static @Nullable String why;

  OidcProviderTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
  void shouldTakeATokenOfARealProvider(String alg) throws Exception {
    if (why == null) {
      why = install();
    }
    assumeTrue(why.isEmpty(), "no real OpenID provider here: " + why);
    // Given
    String secret = UUID.randomUUID().toString();
    Path log = Files.createTempFile(DIRECTORY, alg, ".log");
    ProcessBuilder command =
        new ProcessBuilder("node", "provider.mjs").directory(DIRECTORY.toFile());
    command.environment().put("ALG", alg);
    command.environment().put("SECRET", secret);
    command.environment().put("ACCOUNTS", VENUE + "/" + ACCOUNT);
    Process provider = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      String issuer =
          Awaitility.await().atMost(PATIENCE).until(() -> issuer(log), i -> !i.isEmpty());
      var settings =
          new OidcSettings(
              issuer,
              AUDIENCE,
              "countermand_verbs",
              "countermand_accounts",
              "sub",
              Duration.ofHours(1),
              Duration.ofHours(1),
              null);
      try (Door before = openDoor(1_000, 1, null, null, settings)) {
        Awaitility.await().atMost(PATIENCE).until(() -> before.missing().isEmpty());
        OrderKey order = place();
        OrderKey others = place("Sim102");
        // When
        var caller = new DoorVisitor(http, before.port(), token(issuer, secret));
        DoorVisitor.Answer answer = caller.cancel(body(order), "Prefer", "wait=60");
        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.body().get("result").asText()).isEqualTo("CANCELED");
        assertThat(caller.cancel(body(others)).status()).isEqualTo(403);
      }
    } finally {
      provider.destroy();
    }
  }

  private static String issuer(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.startsWith("issuer "))
        .map(line -> line.substring(7))
        .findFirst()
        .orElse("");
  }

  /** By the client credentials grant, for the door (RFC 8707). */
  private String token(String issuer, String secret) throws Exception {
    String login =
        Base64.getEncoder()
            .encodeToString(("risk-desk:" + secret).getBytes(StandardCharsets.UTF_8));
    var response =
        http.send(
            HttpRequest.newBuilder(URI.create(issuer + "/token"))
                .header("Authorization", "Basic " + login)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials&resource=" + AUDIENCE))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return DoorVisitor.JSON.readTree(response.body()).get("access_token").asText();
  }

  /** Empty: it is there; or why not. */
  private static String install() throws Exception {
    Files.createDirectories(DIRECTORY);
    try (InputStream script = OidcProviderTest.class.getResourceAsStream("/oidc/provider.mjs")) {
      Files.write(DIRECTORY.resolve("provider.mjs"), script.readAllBytes());
    }
    if (Files.isDirectory(DIRECTORY.resolve("node_modules/oidc-provider"))) {
      return "";
    }
    Files.writeString(DIRECTORY.resolve("package.json"), "{\"private\":true}");
    List<String> command = new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund"));
    command.addAll(List.of("--ignore-scripts", PROVIDER));
    Path log = DIRECTORY.resolve("npm.log");
    try {
      Process npm =
          new ProcessBuilder(command)
              .directory(DIRECTORY.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!npm.waitFor(120, TimeUnit.SECONDS)) {
        npm.destroyForcibly();
        return "npm did not install " + PROVIDER + " within two minutes";
      }
      return npm.exitValue() == 0 ? "" : "npm cannot install " + PROVIDER + ", see " + log;
    } catch (IOException e) {
      return "npm is missing";
    }
  }
}
