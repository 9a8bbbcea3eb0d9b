package io.countermand.app.local;

import io.countermand.app.admin.SchemasCommand;
import io.countermand.app.admin.TopicsCommand;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Config;
import io.countermand.app.config.Logging;
import io.countermand.app.config.Settings;
import io.countermand.app.rights.Role;
import io.countermand.app.role.FeedPublisher;
import io.countermand.app.role.HeldOrderEvents;
import io.countermand.app.role.Ops;
import io.countermand.app.role.Roles;
import io.countermand.app.tracing.Tracing;
import io.countermand.kafka.KafkaConnection;
import io.countermand.observe.OpsPort;
import io.countermand.platform.DataLock;
import io.countermand.platform.LocalPlatform;
import io.countermand.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Everything in one go on this machine: broker and registry as child processes, the simulator, and
 * every role in this JVM. The roles meet over Kafka and sockets only, as they would apart.
 */
public final class LocalStack implements AutoCloseable {

  static final long SEED = 1;

  private final Shutdown parts;
  private final LocalPlatform platform;
  private final RoleConfigs configs;
  private final Simulator simulator;
  private final Roles roles;
  private final OpsPort ops;

  private LocalStack(
      Shutdown parts,
      LocalPlatform platform,
      RoleConfigs configs,
      Simulator simulator,
      Roles roles,
      OpsPort ops) {
    this.parts = parts;
    this.platform = platform;
    this.configs = configs;
    this.simulator = simulator;
    this.roles = roles;
    this.ops = ops;
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
   * @param locked with TLS, a login for each role, and ACLs
   * @param seed of the simulated venues' latencies and faults
   * @param simulatorPort 0: a free one
   */
  public record Options(
      Path data,
      int kafkaPort,
      int registryPort,
      Map<String, String> venues,
      String latency,
      boolean unlimited,
      Map<String, String> overrides,
      boolean locked,
      long seed,
      int simulatorPort) {

    /** With a free port for the simulator. */
    public Options(
        Path data,
        int kafkaPort,
        int registryPort,
        Map<String, String> venues,
        String latency,
        boolean unlimited,
        Map<String, String> overrides,
        boolean locked,
        long seed) {
      this(data, kafkaPort, registryPort, venues, latency, unlimited, overrides, locked, seed, 0);
    }

    /** With the same seed each time. */
    public Options(
        Path data,
        int kafkaPort,
        int registryPort,
        Map<String, String> venues,
        String latency,
        boolean unlimited,
        Map<String, String> overrides,
        boolean locked) {
      this(data, kafkaPort, registryPort, venues, latency, unlimited, overrides, locked, SEED);
    }

    /** Open to all who reach it. */
    public Options(
        Path data,
        int kafkaPort,
        int registryPort,
        Map<String, String> venues,
        String latency,
        boolean unlimited,
        Map<String, String> overrides) {
      this(data, kafkaPort, registryPort, venues, latency, unlimited, overrides, false);
    }
  }

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
    StackKind.require(options);
    DataLock own = parts.add(DataLock.take(options.data()));
    StackKind.require(options); // another may have been begun meanwhile
    StackLock lock = options.locked() ? StackLock.open(options.data(), progress) : null;
    Logging.toFile(options.data().resolve("logs").resolve("countermand.log"));
    progress.accept("starting Kafka and the schema registry");
    LocalPlatform platform =
        parts.add(
            LocalPlatform.start(
                new LocalPlatform.Options(
                    options.data(),
                    options.kafkaPort(),
                    options.registryPort(),
                    lock == null ? null : lock.broker(),
                    lock == null ? null : lock.registry()),
                own));
    HeldOrderEvents feeds = new HeldOrderEvents();
    Simulator simulator = parts.add(LocalVenues.simulator(options, feeds));
    RoleConfigs configs =
        RoleConfigs.write(
            new LocalConfig(
                options, platform.bootstrapServers(), platform.registryUrl(), simulator),
            lock,
            options.overrides());
    Config admin = configs.of(Role.ADMIN);
    if (lock != null) {
      progress.accept("making users, giving them their rights");
      lock.apply(admin);
    }
    progress.accept("creating topics, registering schemas");
    TopicsCommand.apply(Settings.connection(admin), admin, change -> {});
    SchemasCommand.register(Settings.connection(admin), admin);
    feeds.to(parts.add(new FeedPublisher(Settings.connection(configs.of(Role.FEED)))));
    progress.accept("starting ledger, desk and feeds");
    OpsPort ops = parts.add(Ops.open(admin));
    Tracing tracing = parts.add(Tracing.open(configs.of(Role.DESK), ops.meters()));
    Roles roles = parts.add(new Roles(configs::of, ops, tracing.hops()));
    roles.startAll();
    return new LocalStack(parts, platform, configs, simulator, roles, ops);
  }

  /** That the desk runs with; of an open stack, everybody. */
  public Config config() {
    return config(Role.DESK);
  }

  /** With the role's own login; of an open stack they are all the same. */
  public Config config(Role role) {
    return configs.of(role);
  }

  public KafkaConnection connection() {
    return Settings.connection(config());
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

  /** The one that other processes can join an open stack with. */
  public Path configFile() {
    return configFile(Role.DESK);
  }

  /** What other processes can join with in a role; of an open stack they are all the same. */
  public Path configFile(Role role) {
    return configs.file(role);
  }

  List<String> venues() {
    return List.copyOf(config().venues().keySet());
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
