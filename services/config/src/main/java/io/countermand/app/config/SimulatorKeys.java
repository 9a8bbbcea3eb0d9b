package io.countermand.app.config;

import io.countermand.app.config.Config.SimulatedLatency;
import io.countermand.app.config.Config.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The keys under {@code simulator}. */
final class SimulatorKeys {

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:-]{1,253}");

  /** What can be simulated, by the name of the adapter; the simulator's own list is the same. */
  private static final List<String> ADAPTERS =
      List.of(
          "crosstrade",
          "crosstrade-ws",
          "crosstrade-webhook",
          "cadenza",
          "neuratrade",
          "tradovate");

  private SimulatorKeys() {}

  static Simulator read(ConfigSection section) {
    return new Simulator(
        section.text("host", "127.0.0.1", HOST, "an address or a host name"),
        section.whole("port", 0, 0, 65_535),
        section.value(
            "latency",
            new SimulatedLatency.Fixed(Duration.ofMillis(5)),
            "allowed: 'fixed 5ms', 'uniform 1ms 20ms' or 'lognormal 5ms 0.5' (median, sigma to 3)",
            ValueParsers::latency),
        section.wholeLong("seed", 1),
        section.value("doubts", false, "allowed: true or false", ConsoleKeys::truth),
        section
            .<Optional<Path>>value(
                "journal",
                Optional.empty(),
                "allowed: a path, or none",
                text -> text.equals("none") ? Optional.empty() : Optional.of(Path.of(text)))
            .orElse(null),
        venues(section.in("venues")));
  }

  private static Map<String, String> venues(ConfigSection section) {
    Map<String, String> adapters = new TreeMap<>();
    String allowed = "one of " + String.join(", ", ADAPTERS);
    for (String name : VenueNames.read(section)) {
      ConfigSection venue = section.in(name);
      Optional<String> adapter = venue.find("adapter", allowed, SimulatorKeys::adapter);
      if (adapter.isEmpty() && section.layers().find(venue.key("adapter")).isEmpty()) {
        venue.problem("adapter", "missing", allowed);
      }
      adapter.ifPresent(each -> adapters.put(name, each));
    }
    return Collections.unmodifiableMap(adapters);
  }

  private static String adapter(String text) {
    if (!ADAPTERS.contains(text)) {
      throw new IllegalArgumentException("no such venue adapter: " + text);
    }
    return text;
  }
}
