package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.OrderKey;
import io.countermand.oidc.OidcSettings;
import io.countermand.oidc.RealProvider;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokens of a provider that we did not write. Skipped where npm is missing or cannot install it.
 */
@Tag("long")
class OidcProviderTest extends DoorScenario {

  private static final String AUDIENCE = "https://door.example";

  OidcProviderTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
  void shouldTakeATokenOfARealProvider(String alg) throws Exception {
    String missing = RealProvider.missing();
    assumeTrue(missing.isEmpty(), "no real OpenID provider here: " + missing);
    // Given
    String secret = UUID.randomUUID().toString();
    var environment = Map.of("ALG", alg, "SECRET", secret, "ACCOUNTS", VENUE + "/" + ACCOUNT);
    try (RealProvider provider = RealProvider.start(environment)) {
      String issuer = provider.issuer();
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
    }
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
}
