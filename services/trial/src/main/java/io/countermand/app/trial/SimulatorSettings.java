package io.countermand.app.trial;

import io.countermand.app.config.Config;
import io.countermand.app.config.Config.SimulatedLatency;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.JournalOptions;
import io.countermand.simulator.options.Latency;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** What simulated venues take of the configuration. */
final class SimulatorSettings {

  private SimulatorSettings() {}

  /** The venues under {@code simulator.venues}, or else all configured ones. */
  static SimulatorOptions of(Config config) {
    Config.Simulator simulator = config.simulator();
    Map<String, String> venues =
        simulator.venues().isEmpty()
            ? config.venues().values().stream()
                .collect(Collectors.toMap(Config.Venue::name, Config.Venue::adapter))
            : simulator.venues();
    Path journal = simulator.journal();
    SimulatorOptions options =
        SimulatorOptions.of(
                venues.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(
                        venue ->
                            InstanceOptions.of(venue.getKey(), VenueKind.of(venue.getValue()))
                                .withLatency(latency(simulator.latency())))
                    .toList())
            .withHost(simulator.host())
            .withPort(simulator.port())
            .withSeed(simulator.seed())
            .withJournal(journal == null ? JournalOptions.MEMORY : JournalOptions.file(journal));
    return simulator.doubts() ? options.doubting() : options;
  }

  private static Latency latency(SimulatedLatency said) {
    return switch (said) {
      case SimulatedLatency.Fixed(Duration each) -> Latency.fixed(each);
      case SimulatedLatency.Uniform(Duration from, Duration to) -> Latency.uniform(from, to);
      case SimulatedLatency.LogNormal(Duration median, double sigma) ->
          Latency.logNormal(median, sigma);
    };
  }
}
