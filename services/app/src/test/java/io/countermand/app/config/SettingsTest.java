package io.countermand.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.GateRules;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.LedgerRules;
import io.countermand.domain.WorkerRules;
import io.countermand.gate.GateSettings;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.StreamsSettings;
import io.countermand.ledger.LedgerSettings;
import io.countermand.simulator.InstanceOptions;
import io.countermand.simulator.Latency;
import io.countermand.simulator.VenueKind;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.limits.Limits;
import io.countermand.venues.limits.Rate;
import io.countermand.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private static final Clock CLOCK = Clock.systemUTC();

  private final Config config =
      Config.load(
          Optional.empty(),
          Map.of(),
          with(
              Map.of(
                  "instance", "i",
                  "state-dir", "s",
                  "topics.replication", "3",
                  "kafka.bootstrap-servers", "k:1",
                  "kafka.properties.security.protocol", "SSL",
                  "registry.url", "http://r:2",
                  "worker.workers", "2")),
          venue -> true);

  private static Map<String, String> with(Map<String, String> more) {
    var keys = new HashMap<>(more);
    for (String venue : Set.of("a", "b")) {
      keys.put("venues." + venue + ".adapter", "crosstrade");
      keys.put("venues." + venue + ".credentials.token", "same");
    }
    return keys;
  }

  @Test
  void shouldFeedGateAndLedger() {
    // Given
    var connection =
        new KafkaConnection("k:1", "http://r:2", "i", Map.of("security.protocol", "SSL"), Map.of());
    var check = new IntentCheck(Duration.ofSeconds(60), Duration.ofHours(24));

    // Then
    assertThat(Settings.gate(config))
        .isEqualTo(
            new GateSettings(
                connection,
                new StreamsSettings(
                    "countermand-gate", Path.of("s"), 1, 0, 3, Duration.ofMillis(500)),
                check,
                new GateRules(Set.of("a", "b"), Duration.ofSeconds(7)),
                Duration.ofHours(24),
                Duration.ofDays(30)));
    assertThat(Settings.ledger(config))
        .isEqualTo(
            new LedgerSettings(
                connection,
                new StreamsSettings(
                    "countermand-ledger", Path.of("s"), 2, 0, 3, Duration.ofMillis(100)),
                check,
                new LedgerRules(
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(10),
                    Map.of(
                        "a", Settings.venueRules(config, "a"),
                        "b", Settings.venueRules(config, "b"))),
                Set.of("a", "b"),
                Duration.ofHours(24)));
  }

  @Test
  void shouldShareBudgetAndPausesOfOneCredential() {
    // Given
    var limits = new Limits(CLOCK);

    // When
    WorkerSettings a = Settings.worker(config, "a", limits, CLOCK);
    WorkerSettings b = Settings.worker(config, "b", limits, CLOCK);
    VenueSettings venue = Settings.venueSettings(config, "a", limits, CLOCK);

    // Then
    assertThat(a.budget()).isSameAs(b.budget());
    assertThat(a.governor()).isSameAs(b.governor()).isSameAs(venue.governor());
    assertThat(a.budget().rate()).isEqualTo(Rate.perSecond(3, 19));
    assertThat(a.rules()).isEqualTo(new WorkerRules(Duration.ofSeconds(5), Duration.ofSeconds(2)));
    a.adapter().close();
    b.adapter().close();
  }

  @Test
  void shouldSimulateTheConfiguredVenues() {
    assertThat(Settings.simulator(config).instances())
        .containsExactly(instance("a"), instance("b"));
  }

  @Test
  void shouldTellOfAVenueThatIsNotConfigured() {
    assertThatThrownBy(() -> Settings.workerRules(config, "c"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("venues.c (configuration): no such venue; there are a, b");
  }

  private static InstanceOptions instance(String name) {
    return InstanceOptions.of(name, VenueKind.CROSSTRADE)
        .withLatency(Latency.fixed(Duration.ofMillis(5)));
  }
}
