package io.countermand.bench.process;

import io.countermand.bench.load.BenchOptions;
import io.countermand.bench.load.IntentBatch;
import io.countermand.simulator.options.SimulatedCredentials;
import io.countermand.simulator.options.VenueKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes the configuration of our own roles and of the simulator. */
public final class RoleConfig {

  private RoleConfig() {}

  /**
   * One of several processes.
   *
   * @param name its own among those that do the same
   * @param state directory of its stores
   * @param standbys of the desk's stores
   */
  public record Instance(String name, Path state, int standbys) {

    /** The state is one for all runs: tables are restored from it. */
    public static Instance only(BenchOptions options) {
      return new Instance("bench", options.data().resolve("state"), 0);
    }
  }

  /**
   * Everything at its default: one venue of each adapter, named as it.
   *
   * @param port of the simulator
   */
  static Path atDefaultRates(BenchOptions options, BenchCluster stage, Path directory, int port)
      throws IOException {
    var yaml = new StringBuilder();
    yaml.append(
        """
        state-dir: "%s"
        kafka:
          bootstrap-servers: "%s"
        registry:
          url: "%s"
        topics:
          partitions: %d
        simulator:
          port: %d
          latency: fixed %dms
          journal: "%s/venue.jsonl"
        venues:
        """
            .formatted(
                options.data().resolve("state"),
                stage.connection().bootstrapServers(),
                stage.connection().registryUrl(),
                stage.partitions(),
                port,
                VenueProcess.LEAST_LATENCY.toMillis(),
                directory));
    for (VenueKind kind : VenueKind.values()) {
      String name = kind.adapter();
      yaml.append("  ").append(name).append(":\n    adapter: ").append(name);
      yaml.append("\n    base-url: \"").append(url(kind, port)).append("\"\n    credentials:\n");
      for (var secret : credentials(kind).entrySet()) {
        Path file = directory.resolve(name + "-" + secret.getKey());
        Files.writeString(file, secret.getValue());
        yaml.append("      ").append(secret.getKey());
        yaml.append(": { file: \"").append(file).append("\" }\n");
      }
    }
    Path file = directory.resolve("default-rates.yaml");
    Files.writeString(file, yaml);
    return file;
  }

  /** As {@link io.countermand.simulator.Simulator#venueUrl} has it. */
  private static String url(VenueKind kind, int port) {
    String host = "127.0.0.1:" + port + "/" + kind.adapter();
    return switch (kind) {
      case CROSSTRADE, CADENZA, NEURATRADE -> "http://" + host;
      case CROSSTRADE_WS -> "ws://" + host + "/ws/stream";
      case CROSSTRADE_WEBHOOK -> "http://" + host + "/v1/send/sim-user/sim-account";
      case TRADOVATE -> "http://" + host + "/v1";
    };
  }

  /** The simulator's own, which are no secret. */
  private static Map<String, String> credentials(VenueKind kind) {
    SimulatedCredentials known = SimulatedCredentials.DEFAULT;
    return switch (kind) {
      case CROSSTRADE, CROSSTRADE_WS -> Map.of("token", known.token());
      case CROSSTRADE_WEBHOOK -> Map.of("key", known.key());
      case CADENZA, NEURATRADE -> Map.of("email", known.user(), "password", known.password());
      case TRADOVATE ->
          Map.of(
              "name", known.user(), "password", known.password(), "cid", "1", "sec", known.key());
    };
  }

  /**
   * Everything at its default, but for the venue's limits.
   *
   * @param port of the simulator
   */
  public static Path write(
      BenchOptions options, BenchCluster stage, Path directory, int port, Instance instance)
      throws IOException {
    Path token = directory.resolve("token");
    Files.writeString(token, SimulatedCredentials.DEFAULT.token());
    String yaml =
        """
        instance: "%11$s"
        state-dir: "%1$s"
        kafka:
          bootstrap-servers: "%2$s"
        registry:
          url: "%3$s"
        topics:
          partitions: %4$d
        desk:
          standbys: %12$d
        venues:
          %5$s:
            adapter: crosstrade
            base-url: "http://127.0.0.1:%6$d/%5$s"
            credentials:
              token: { file: "%7$s" }
            rate: 100000/s
            burst: 100000
            concurrency: %8$d
        simulator:
          port: %6$d
          latency: fixed %9$dms
          journal: "%10$s/venue.jsonl"
        """
            .formatted(
                instance.state(),
                stage.connection().bootstrapServers(),
                stage.connection().registryUrl(),
                stage.partitions(),
                IntentBatch.VENUE,
                port,
                token,
                VariantProcesses.CONCURRENCY,
                VenueProcess.LEAST_LATENCY.toMillis(),
                directory,
                instance.name(),
                instance.standbys());
    Path file = directory.resolve(instance.name() + ".yaml");
    Files.writeString(file, yaml);
    return file;
  }
}
