package io.countermand.app.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.config.Config;
import io.countermand.app.config.ConfigException;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.Latency;
import io.countermand.simulator.options.VenueKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatorSettingsTest {

  @TempDir private Path directory = Path.of(".");

  private Config config(String more) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"),
            """
            kafka: {bootstrap-servers: k:1}
            registry: {url: http://r:2}
            """
                + more);
    return Config.load(Optional.of(file), Map.of("TOKEN", "t"));
  }

  private static InstanceOptions instance(String name, VenueKind kind, Latency latency) {
    return InstanceOptions.of(name, kind).withLatency(latency);
  }

  @Test
  void shouldSimulateTheConfiguredVenues() throws IOException {
    // Given
    Config config =
        config(
            """
            venues:
              a: {adapter: crosstrade, credentials: {token.env: TOKEN}}
              b: {adapter: crosstrade, credentials: {token.env: TOKEN}}
            """);
    // Then
    Latency usual = Latency.fixed(Duration.ofMillis(5));
    assertThat(SimulatorSettings.of(config).instances())
        .containsExactly(
            instance("a", VenueKind.CROSSTRADE, usual), instance("b", VenueKind.CROSSTRADE, usual));
  }

  @ParameterizedTest
  @EnumSource
  void shouldSimulateEachVenueThereIs(VenueKind kind) throws IOException {
    // Given
    Config config =
        config(
            """
            simulator: {latency: uniform 1ms 20ms, venues: {x: {adapter: %s}}}
            """
                .formatted(kind.adapter()));
    // Then
    assertThat(SimulatorSettings.of(config).instances())
        .containsExactly(
            instance("x", kind, Latency.uniform(Duration.ofMillis(1), Duration.ofMillis(20))));
  }

  @Test
  void shouldTakeALogNormalLatency() throws IOException {
    // Given
    Config config =
        config("simulator: {latency: lognormal 5ms 0.5, venues: {x: {adapter: cadenza}}}\n");
    // Then
    assertThat(SimulatorSettings.of(config).instances())
        .containsExactly(
            instance("x", VenueKind.CADENZA, Latency.logNormal(Duration.ofMillis(5), 0.5)));
  }

  /** The configuration names them by itself, without the simulator. */
  @Test
  void shouldAllowNoOtherVenueThanThereIs() {
    assertThatThrownBy(() -> config("simulator: {venues: {x: {adapter: nyse}}}\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith(
            "one of "
                + Arrays.stream(VenueKind.values())
                    .map(VenueKind::adapter)
                    .collect(Collectors.joining(", ")));
  }
}
