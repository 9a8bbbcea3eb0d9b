package io.countermand.app.local;

import io.countermand.app.role.HeldOrderEvents;
import io.countermand.simulator.Simulator;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.JournalOptions;
import io.countermand.simulator.options.Latency;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.venues.Venues;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The simulator of a local stack. */
public final class LocalVenues {

  private LocalVenues() {}

  /** Adapters that are both on the class path and simulated. */
  public static List<String> served() {
    Set<String> adapters = Venues.providers().keySet();
    return Stream.of(VenueKind.values())
        .map(VenueKind::adapter)
        .filter(adapters::contains)
        .toList();
  }

  public static Simulator simulator(LocalStack.Options options, HeldOrderEvents feeds)
      throws IOException {
    Latency latency = Latency.parse(options.latency());
    List<InstanceOptions> instances =
        options.venues().entrySet().stream()
            .map(
                venue ->
                    InstanceOptions.of(venue.getKey(), VenueKind.of(venue.getValue()))
                        .withLatency(latency))
            .toList();
    // A venue with a stream of its own is listened to by that.
    Set<String> own =
        options.venues().entrySet().stream()
            .filter(venue -> Venues.provider(venue.getValue()).capabilities().hasFeed())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return Simulator.start(
        SimulatorOptions.of(instances)
            .withPort(options.simulatorPort())
            .withListener(
                event -> {
                  if (!own.contains(event.order().venue())) {
                    feeds.accept(event);
                  }
                })
            .withSeed(options.seed())
            .withJournal(JournalOptions.file(options.data().resolve("simulator.jsonl"))));
  }
}
