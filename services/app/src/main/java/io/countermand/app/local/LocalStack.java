package io.countermand.app.local;

import io.countermand.app.admin.SchemasCommand;
import io.countermand.app.admin.TopicsCommand;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Config;
import io.countermand.app.config.Logging;
import io.countermand.app.config.Settings;
import io.countermand.app.role.Feed;
import io.countermand.app.role.Feeds;
import io.countermand.app.role.Ops;
import io.countermand.app.role.Roles;
import io.countermand.kafka.KafkaConnection;
import io.countermand.observe.OpsPort;
import io.countermand.platform.LocalPlatform;
import io.countermand.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everything in one go on this machine: broker and registry as child processes, the simulator, and
 * every role in this JVM. The roles meet over Kafka and sockets only, as they would apart.
 */
public final class LocalStack implements AutoCloseable {

  private final Shutdown parts;
  private final LocalPlatform platform;
  private final Config config;
  private final Simulator simulator;
  private final Roles roles;
  private final OpsPort ops;
  private final Path configFile;

  private LocalStack(
      Shutdown parts,
      LocalPlatform platform,
      Config config,
      Simulator simulator,
      Roles roles,
      OpsPort ops,
      Path configFile) {
    this.parts = parts;
    this.platform = platform;
    this.config = config;
    this.simulator = simulator;
    this.roles = roles;
    this.ops = ops;
    this.configFile = configFile;
  }

  /**
   * How to run it.
   *
   * @param data everything on disk
   * @param kafkaPort 0: a free one
   * @param registryPort 0: a free one
   * @param venues name of each venue instance, and its adapter
   * @param latency of the simulated venues, in the simulator's notation
   * @param unlimited lift the venues' rate limits, which the simulator does not enforce here
   * @param overrides configuration by environment variable, over what this writes
   */
  public record Options(
      Path data,
      int kafkaPort,
      int registryPort,
      Map<String, String> venues,
      String latency,
      boolean unlimited,
      Map<String, String> overrides) {}

  /**
   * Returns when every role is ready; on failure nothing is left running.
   *
   * @param progress hears what is going on, a line each
   */
  public static LocalStack start(Options options, Consumer<String> progress) throws IOException {
    var parts = new Shutdown();
    boolean started = false;
    try {
      LocalStack stack = start(options, parts, progress);
      started = true;
      return stack;
    } finally {
      if (!started) {
        parts.close();
      }
    }
  }

  private static LocalStack start(Options options, Shutdown parts, Consumer<String> progress)
      throws IOException {
    Logging.toFile(options.data().resolve("logs").resolve("countermand.log"));
    progress.accept("starting Kafka and the schema registry");
    LocalPlatform platform =
        parts.add(
            LocalPlatform.start(
                new LocalPlatform.Options(
                    options.data(), options.kafkaPort(), options.registryPort())));
    Feeds feeds = new Feeds();
    Simulator simulator = parts.add(LocalVenues.simulator(options, feeds));
    Path file =
        LocalConfig.write(options, platform.bootstrapServers(), platform.registryUrl(), simulator);
    Config config = Config.load(Optional.of(file), options.overrides());
    KafkaConnection connection = Settings.connection(config);
    progress.accept("creating topics, registering schemas");
    TopicsCommand.apply(connection, config, change -> {});
    SchemasCommand.register(connection, config);
    feeds.to(parts.add(new Feed(connection)));
    progress.accept("starting ledger, desk and feeds");
    OpsPort ops = parts.add(Ops.open(config));
    Roles roles = parts.add(new Roles(config, ops));
    roles.startAll();
    return new LocalStack(parts, platform, config, simulator, roles, ops, file);
  }

  public Config config() {
    return config;
  }

  public KafkaConnection connection() {
    return Settings.connection(config);
  }

  public Simulator simulator() {
    return simulator;
  }

  public Roles roles() {
    return roles;
  }

  /** Port of health and metrics; -1: not served. */
  public int opsPort() {
    return ops.port();
  }

  public LocalPlatform platform() {
    return platform;
  }

  /** A configuration that other processes can join with. */
  public Path configFile() {
    return configFile;
  }

  List<String> venues() {
    return List.copyOf(config.venues().keySet());
  }

  /** Returns at Ctrl-C or SIGTERM. */
  public void awaitStop() throws InterruptedException {
    parts.await();
  }

  public boolean stopping() {
    return parts.asked();
  }

  @Override
  public void close() {
    parts.close();
  }
}
