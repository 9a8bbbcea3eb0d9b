package io.countermand.bench;

import io.countermand.simulator.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the configuration of our own roles and of the simulator. */
final class RoleConfig {

  private RoleConfig() {}

  /**
   * Everything at its default, but for the venue's limits.
   *
   * @param port of the simulator
   */
  static Path write(BenchOptions options, Stage stage, Path directory, int port)
      throws IOException {
    Path token = directory.resolve("token");
    Files.writeString(token, Credentials.DEFAULT.token());
    String yaml =
        """
        state-dir: "%1$s/state"
        kafka:
          bootstrap-servers: "%2$s"
        registry:
          url: "%3$s"
        topics:
          partitions: %4$d
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
                options.data(), // one for all runs: tables are restored from it
                stage.connection().bootstrapServers(),
                stage.connection().registryUrl(),
                stage.partitions(),
                Batch.VENUE,
                port,
                token,
                Subject.CONCURRENCY,
                VenueProcess.LEAST_LATENCY.toMillis(),
                directory);
    Path file = directory.resolve("countermand.yaml");
    Files.writeString(file, yaml);
    return file;
  }
}
