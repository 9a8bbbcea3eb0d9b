package io.countermand.app.pipeline;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.role.Roles;
import io.countermand.kafka.KafkaConnection;
import io.countermand.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the integration tests run against: this JVM and child processes, or containers. */
public interface PipelineStack extends AutoCloseable {

  Config config();

  /** A configuration that other processes on this machine can join with. */
  Path configFile();

  /** The simulated venues; in this JVM in both modes, since tests look into and script them. */
  Simulator simulator();

  /** Stops a role cleanly; its name as in {@link Roles}. */
  void stop(String role);

  /** Starts a role that was stopped. */
  void start(String role);

  /** Returns when every role that runs is ready. */
  void awaitReady();

  /** Ports of health and metrics, on 127.0.0.1, one a process. */
  List<Integer> opsPorts();

  /** Lets the broker stand still, its connections open. */
  void pauseBroker() throws IOException;

  void resumeBroker() throws IOException;

  /** What all roles have logged, JSON lines. */
  List<String> log() throws IOException;

  @Override
  void close();

  default KafkaConnection connection() {
    return Settings.connection(config());
  }

  default List<String> venues() {
    return List.copyOf(config().venues().keySet());
  }
}
