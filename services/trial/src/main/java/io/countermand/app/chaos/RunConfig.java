package io.countermand.app.chaos;

import io.countermand.simulator.options.SimulatedCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Writes the configuration of each process: one pipeline, and an instance name and a state
 * directory of each one's own.
 *
 * @param standbys warm copies of the stores on other instances
 */
record RunConfig(
    Path directory, String bootstrap, String registry, int simulatorPort, int standbys, long seed) {

  /** The one venue of a run, and its adapter. */
  static final String VENUE = "crosstrade";

  /** In force if an intent names none. */
  static final Duration DEADLINE = Duration.ofSeconds(25);

  /** The ledger's, for late answers. */
  static final Duration GRACE = Duration.ofSeconds(2);

  Path write(String instance) throws IOException {
    Path token = directory.resolve("token");
    Files.writeString(token, SimulatedCredentials.DEFAULT.token());
    String yaml =
        """
        instance: %1$s
        state-dir: "%2$s/state/%1$s"
        kafka:
          bootstrap-servers: "%3$s"
        registry:
          url: "%4$s"
        topics:
          partitions: 6
        intents:
          default-deadline: %5$ds
        desk:
          standbys: %11$d
        ledger:
          answer-grace: %6$ds
          standbys: %11$d
        venues:
          %7$s:
            adapter: %7$s
            base-url: "http://127.0.0.1:%8$d/%7$s"
            credentials:
              token: { file: "%2$s/token" }
            rate: 100000/s
            burst: 100000
            concurrency: 64
            timeout: 2s
        simulator:
          port: %8$d
          latency: lognormal 5ms 0.5
          seed: %9$d
          journal: "%10$s"
        """
            .formatted(
                instance,
                directory,
                bootstrap,
                registry,
                DEADLINE.toSeconds(),
                GRACE.toSeconds(),
                VENUE,
                simulatorPort,
                seed,
                journal(),
                standbys);
    Path file = directory.resolve(instance + ".yaml");
    Files.writeString(file, yaml);
    return file;
  }

  /** What really happened, by the simulator. */
  Path journal() {
    return directory.resolve("simulator.jsonl");
  }
}
