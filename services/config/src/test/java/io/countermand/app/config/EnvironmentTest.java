package io.countermand.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.config.Config.SimulatedLatency;
import io.countermand.venues.Secret;
import io.countermand.venues.limits.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {

  @TempDir private Path directory;

  @Test
  void shouldSetAnyKey() {
    // When
    Config config =
        load(
            Map.of(
                "COUNTERMAND_INSTANCE", "i-1",
                "COUNTERMAND_STATE_DIR", "/s",
                "COUNTERMAND_KAFKA_BOOTSTRAP_SERVERS", "k:1",
                "COUNTERMAND_DESK_COMMIT_EVERY", "20ms",
                "COUNTERMAND_LEDGER_APPLICATION_ID", "other",
                "COUNTERMAND_DESK_DRAIN", "3s",
                "COUNTERMAND_SIMULATOR_LATENCY", "uniform 1ms 2ms"));

    // Then
    assertThat(config.instance()).isEqualTo("i-1");
    assertThat(config.stateDir()).isEqualTo(Path.of("/s"));
    assertThat(config.kafka().bootstrapServers()).isEqualTo("k:1");
    assertThat(config.desk().streams().commitEvery()).isEqualTo(Duration.ofMillis(20));
    assertThat(config.desk().drain()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.ledger().streams().applicationId()).isEqualTo("other");
    assertThat(config.simulator().latency())
        .isEqualTo(new SimulatedLatency.Uniform(Duration.ofMillis(1), Duration.ofMillis(2)));
  }

  @Test
  void shouldFindKeysOfVenuesWhoseNamesHaveHyphens() throws IOException {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"),
            "venues: {ct-live: {adapter: crosstrade}, ct: {adapter: crosstrade}}");

    // When
    Config config =
        Config.load(
            Optional.of(file),
            Map.of(
                "COUNTERMAND_VENUES_CT_LIVE_ANSWER_TIMEOUT", "9s",
                "COUNTERMAND_VENUES_CT_LIVE_RATE", "5/s",
                "COUNTERMAND_VENUES_CT_CREDENTIALS_TOKEN_ENV", "SECRET_1",
                "SECRET_1", "one",
                "COUNTERMAND_VENUES_CT_LIVE_CREDENTIALS_TOKEN_ENV", "COUNTERMAND_TOKEN_2",
                "COUNTERMAND_TOKEN_2", "two"));

    // Then
    assertThat(config.venues().get("ct-live").rules().answerTimeout())
        .isEqualTo(Duration.ofSeconds(9));
    assertThat(config.venues().get("ct-live").rate()).isEqualTo(Rate.perSecond(5, 19));
    assertThat(config.venues().get("ct").credentials().get("token")).isEqualTo(Secret.of("one"));
    assertThat(config.venues().get("ct-live").credentials().get("token"))
        .isEqualTo(Secret.of("two"));
  }

  @Test
  void shouldMakeAVenue() {
    // When
    Config config =
        load(
            Map.of(
                "COUNTERMAND_VENUES_CT_LIVE_ADAPTER", "crosstrade",
                "COUNTERMAND_VENUES_CT_LIVE_CREDENTIALS_TOKEN", "t",
                "COUNTERMAND_SIMULATOR_VENUES_CT_LIVE_ADAPTER", "crosstrade"));

    // Then
    assertThat(config.venues().keySet()).containsExactly("ct-live");
    assertThat(config.simulator().venues()).isEqualTo(Map.of("ct-live", "crosstrade"));
  }

  @Test
  void shouldSpellPropertiesAsKafkaDoes() throws IOException {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"), "kafka: {properties: {my_interceptor-x: 1}}");

    // When
    Config config =
        Config.load(
            Optional.of(file),
            Map.of(
                "COUNTERMAND_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", "jaas",
                "COUNTERMAND_KAFKA_PROPERTIES_MY_INTERCEPTOR_X", "2",
                "COUNTERMAND_KAFKA_PROPERTIES_NEVER_HEARD_OF", "3",
                "COUNTERMAND_REGISTRY_PROPERTIES_BASIC_AUTH_USER_INFO", "u:p"));

    // Then
    assertThat(config.kafka().properties())
        .isEqualTo(
            Map.of("sasl.jaas.config", "jaas", "my_interceptor-x", "2", "never.heard.of", "3"));
    assertThat(config.registry().properties()).isEqualTo(Map.of("basic.auth.user.info", "u:p"));
  }

  @Test
  void shouldIgnoreVariablesOfLauncherAndKubernetesAndEmptyOnes() {
    // Given
    var environment =
        Map.of(
            "COUNTERMAND_JAVA_OPTS", "-Xmx1g",
            "COUNTERMAND_AOT", "off",
            "COUNTERMAND_SERVICE_HOST", "10.0.0.1",
            "COUNTERMAND_DESK_SERVICE_PORT_HTTP", "80",
            "COUNTERMAND_DESK_PORT", "tcp://10.0.0.1:80",
            "COUNTERMAND_SIMULATOR_PORT", "tcp://10.0.0.1:80",
            "COUNTERMAND_DESK_PORT_80_TCP_ADDR", "10.0.0.1",
            "COUNTERMAND_INSTANCE", "i",
            "COUNTERMAND_DESK_THREADS", "");

    // When
    Config config = load(environment);

    // Then
    assertThat(config).isEqualTo(load(Map.of("COUNTERMAND_INSTANCE", "i")));
  }

  @Test
  void shouldRefuseUnknownVariablesWithoutShowingThem() {
    assertThatThrownBy(
            () ->
                load(
                    Map.of(
                        "COUNTERMAND_DESK_THREDS", "5",
                        "COUNTERMAND_MY_OWN_SECRET_THING", "t0ps3cret",
                        "COUNTERMAND_LEDGER_STANDBYS", "many")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            """
            ledger.standbys (environment COUNTERMAND_LEDGER_STANDBYS): found 'many'; \
            allowed: a whole number from 0 to 100
            environment COUNTERMAND_DESK_THREDS: sets no known key; \
            did you mean COUNTERMAND_DESK_THREADS?
            environment COUNTERMAND_MY_OWN_SECRET_THING: sets no known key; \
            only keys of the configuration may have names that begin with COUNTERMAND_\
            """);
  }

  @Test
  void shouldTellOfAVariableWithTwoMeanings() throws IOException {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"),
            "venues: {ct: {adapter: crosstrade}, ct-answer: {adapter: crosstrade}}");

    // When / Then
    assertThatThrownBy(
            () ->
                Config.load(
                    Optional.of(file),
                    Map.of("COUNTERMAND_VENUES_CT_ANSWER_TIMEOUT", "9s"),
                    Map.of(),
                    venue -> false))
        .hasMessage(
            "venues.ct-answer.timeout (environment COUNTERMAND_VENUES_CT_ANSWER_TIMEOUT): the"
                + " variable also means venues.ct.answer-timeout; set both in the file instead");
  }

  private static Config load(Map<String, String> environment) {
    return Config.load(Optional.empty(), environment);
  }
}
