package io.countermand.bench;

import io.countermand.simulator.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the configuration of our own roles and of the simulator. */
final class RoleConfig {

  private RoleConfig() {}

  /**
   * One of several processes.
   *
   * @param name its own among those that do the same
   * @param state directory of its stores
   * @param standbys of the desk's stores
   */
  record Instance(String name, Path state, int standbys) {

    /** The state is one for all runs: tables are restored from it. */
    static Instance only(BenchOptions options) {
      return new Instance("bench", options.data().resolve("state"), 0);
    }
  }

  /**
   * Everything at its default, but for the venue's limits.
   *
   * @param port of the simulator
   */
  static Path write(BenchOptions options, Stage stage, Path directory, int port, Instance instance)
      throws IOException {
    Path token = directory.resolve("token");
    Files.writeString(token, Credentials.DEFAULT.token());
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
                Batch.VENUE,
                port,
                token,
                Subject.CONCURRENCY,
                VenueProcess.LEAST_LATENCY.toMillis(),
                directory,
                instance.name(),
                instance.standbys());
    Path file = directory.resolve(instance.name() + ".yaml");
    Files.writeString(file, yaml);
    return file;
  }
}
