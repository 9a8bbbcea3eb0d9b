package io.countermand.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Config.SimulatedLatency;
import io.countermand.domain.decision.VenueRules;
import io.countermand.venues.Secret;
import io.countermand.venues.limits.Rate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {

  private static final String VENUE =
      """
      venues:
        ct:
          adapter: crosstrade
          credentials: {token: {env: CT_TOKEN}}
      """;

  private static final Map<String, String> TOKEN = Map.of("CT_TOKEN", "t0ps3cret");

  @TempDir private Path directory;

  @Test
  void shouldHaveDefaultsForAnEmptyFile() throws IOException {
    // When
    Config config = load("", Map.of("HOSTNAME", "box 1"));

    // Then
    assertThat(config).isEqualTo(Config.load(Optional.empty(), Map.of("HOSTNAME", "box 1")));
    assertThat(config.instance()).isEqualTo("box-1-" + ProcessHandle.current().pid());
    assertThat(config.kafka().bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(config.topics()).isEqualTo(new Config.Topics(12, (short) 1));
    assertThat(config.intents())
        .isEqualTo(new Config.Intents(Duration.ofMinutes(1), Duration.ofHours(24)));
    assertThat(config.desk())
        .isEqualTo(
            new Config.Desk(
                new Config.Streams("countermand-desk", 1, 0, Duration.ofMillis(500)),
                Duration.ofHours(24),
                Duration.ofDays(30),
                Duration.ofSeconds(10),
                10_000));
    assertThat(config.venues()).isEmpty();
    assertThat(config.simulator())
        .isEqualTo(
            new Config.Simulator(
                "127.0.0.1",
                0,
                new SimulatedLatency.Fixed(Duration.ofMillis(5)),
                1,
                false,
                null,
                Map.of()));
  }

  @Test
  void shouldTakeWhatAVenueLeavesOutFromItsAdapter() throws IOException {
    // When
    Config.Venue venue = load(VENUE, TOKEN).venues().get("ct");

    // Then
    assertThat(venue.baseUrl()).isEqualTo(URI.create("https://app.crosstrade.io"));
    assertThat(venue.rate()).isEqualTo(Rate.perSecond(3, 19));
    assertThat(venue.concurrency()).isEqualTo(16);
    assertThat(venue.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(venue.credentials().get("token")).isEqualTo(Secret.of("t0ps3cret"));
    VenueRules usual = VenueRules.DEFAULT;
    assertThat(venue.rules())
        .isEqualTo(
            new VenueRules(
                true,
                Duration.ofSeconds(8),
                Duration.ofSeconds(10),
                usual.queryEvery(),
                usual.cancelTries(),
                usual.statusTries(),
                usual.mostAsks(),
                usual.firstBackoff(),
                usual.longestBackoff()));
  }

  @Test
  void shouldReadEveryKindOfValue() throws IOException {
    // When
    Config config =
        load(
            """
            instance: desk-1
            state-dir: /var/lib/countermand
            kafka:
              bootstrap-servers: a:9092, b:9092
              properties:
                security.protocol: SASL_SSL
                ssl: {truststore.location: /ca.p12}
            desk.threads: 4
            desk:
              commit-every: PT0.25S
            ledger: {remember-settled: 2d}
            desk.most-waiting: 3
            venues:
              ct-live:
                adapter: crosstrade
                base-url: http://127.0.0.1:4000/ct
                rate: 100/m
                burst: 7
                timeout: 2s
            simulator:
              latency: lognormal 5ms 0.5
              journal: sim.jsonl
              venues: {x: {adapter: tradovate}}
            """,
            Map.of("COUNTERMAND_VENUES_CT_LIVE_CREDENTIALS_TOKEN", "abc"));

    // Then
    assertThat(config.instance()).isEqualTo("desk-1");
    assertThat(config.stateDir()).isEqualTo(Path.of("/var/lib/countermand"));
    assertThat(config.kafka().bootstrapServers()).isEqualTo("a:9092, b:9092");
    assertThat(config.kafka().properties())
        .isEqualTo(Map.of("security.protocol", "SASL_SSL", "ssl.truststore.location", "/ca.p12"));
    assertThat(config.desk().streams())
        .isEqualTo(new Config.Streams("countermand-desk", 4, 0, Duration.ofMillis(250)));
    assertThat(config.ledger().rememberSettled()).isEqualTo(Duration.ofDays(2));
    assertThat(config.desk().mostWaiting()).isEqualTo(3);
    Config.Venue venue = config.venues().get("ct-live");
    assertThat(venue.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:4000/ct"));
    assertThat(venue.rate()).isEqualTo(new Rate(100, Duration.ofMinutes(1), 7));
    assertThat(venue.rules().answerTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.simulator().latency())
        .isEqualTo(new SimulatedLatency.LogNormal(Duration.ofMillis(5), 0.5));
    assertThat(config.simulator().journal()).isEqualTo(Path.of("sim.jsonl"));
    assertThat(config.simulator().venues()).isEqualTo(Map.of("x", "tradovate"));
  }

  @Test
  void shouldTakeSecretsFromFiles() throws IOException {
    // Given
    Path secret = Files.writeString(directory.resolve("token"), "from-file\n");

    // When
    Config config = load(VENUE.replace("env: CT_TOKEN", "file: " + secret), Map.of());

    // Then
    assertThat(config.venues().get("ct").credentials().get("token"))
        .isEqualTo(Secret.of("from-file"));
  }

  @Test
  void shouldLookUpNoSecretsOfVenuesThatAreNotCalled() throws IOException {
    // When
    Config config = Config.load(Optional.of(write(VENUE)), Map.of(), Map.of(), venue -> false);

    // Then
    assertThat(config.venues().get("ct").credentials().names()).isEmpty();
  }

  @Test
  void shouldLetTheCommandLineWinOverEnvironmentAndFile() throws IOException {
    // Given
    Path file = write("topics: {partitions: 1, replication: 1}\ndesk: {threads: 1}");
    Map<String, String> environment =
        Map.of("COUNTERMAND_TOPICS_PARTITIONS", "2", "COUNTERMAND_TOPICS_REPLICATION", "2");

    // When
    Config config =
        Config.load(
            Optional.of(file), environment, Map.of("topics.partitions", "3"), venue -> true);

    // Then
    assertThat(config.topics()).isEqualTo(new Config.Topics(3, (short) 2));
  }

  @Test
  void shouldMakeAVenueOfArgumentsAlone() {
    // When
    Config config =
        Config.load(
            Optional.empty(),
            Map.of(),
            Map.of(
                "venues.sim.adapter",
                "crosstrade",
                "venues.sim.base-url",
                "http://127.0.0.1:1/sim",
                "venues.sim.credentials.token",
                "sim-token"),
            venue -> true);

    // Then
    assertThat(config.venues().keySet()).containsExactly("sim");
    assertThat(config.venues().get("sim").credentials().get("token"))
        .isEqualTo(Secret.of("sim-token"));
  }

  @Test
  void shouldShowNoSecretAsText() throws IOException {
    // When
    Config config =
        load(
            VENUE,
            Map.of(
                "CT_TOKEN",
                "t0ps3cret",
                "COUNTERMAND_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
                "t0ps3cret",
                "COUNTERMAND_REGISTRY_PROPERTIES_BASIC_AUTH_USER_INFO",
                "u:t0ps3cret"));

    // Then
    assertThat(config.toString())
        .contains("sasl.jaas.config", "basic.auth.user.info")
        .doesNotContain("t0ps3cret");
    assertThat(config.kafka().properties()).containsEntry("sasl.jaas.config", "t0ps3cret");
  }

  @Test
  void shouldReadTheRegistrysLoginFromAFile() throws IOException {
    // Given
    Path file =
        Files.writeString(directory.resolve("login.properties"), "jaas=x\nlogin=desk:pw=1\n");
    // When
    Config config =
        load(
            "registry.properties.basic.auth.user.info: ${file:%s:login}".formatted(file), Map.of());
    // Then
    assertThat(config.registry().properties()).containsEntry("basic.auth.user.info", "desk:pw=1");
  }

  private Config load(String yaml, Map<String, String> environment) throws IOException {
    return Config.load(Optional.of(write(yaml)), environment);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("countermand.yaml"), yaml);
  }
}
