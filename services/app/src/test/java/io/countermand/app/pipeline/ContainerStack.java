package io.countermand.app.pipeline;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.countermand.app.admin.SchemasCommand;
import io.countermand.app.admin.TopicsCommand;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Config;
import io.countermand.app.config.Logging;
import io.countermand.app.local.LocalConfig;
import io.countermand.app.local.LocalStack;
import io.countermand.app.local.LocalVenues;
import io.countermand.app.role.FeedPublisher;
import io.countermand.app.role.HeldOrderEvents;
import io.countermand.simulator.Simulator;
import io.countermand.venues.Venues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Kafka, registry and every role in a container of its own. The simulated venues stay in this JVM:
 * the tests look into their books and script their faults.
 */
final class ContainerStack implements PipelineStack {

  private static final int REGISTRY_PORT = 8080;

  private final Shutdown parts;
  private final KafkaContainer kafka;
  private final Simulator simulator;
  private final Config config;
  private final Path configFile;
  private final Map<String, RoleContainer> roles = new LinkedHashMap<>();
  private final List<String> logOfStopped = new ArrayList<>();

  private ContainerStack(
      Shutdown parts, KafkaContainer kafka, Simulator simulator, Config config, Path configFile) {
    this.parts = parts;
    this.kafka = kafka;
    this.simulator = simulator;
    this.config = config;
    this.configFile = configFile;
  }

  static ContainerStack start(LocalStack.Options options) throws IOException {
    var parts = new Shutdown();
    boolean started = false;
    try {
      ContainerStack stack = start(options, parts);
      started = true;
      return stack;
    } finally {
      if (!started) {
        parts.close();
      }
    }
  }

  private static ContainerStack start(LocalStack.Options options, Shutdown parts)
      throws IOException {
    Logging.toFile(options.data().resolve("logs").resolve("countermand.log"));
    KafkaContainer kafka = kafka();
    parts.add((AutoCloseable) kafka::stop);
    kafka.start();
    GenericContainer<?> registry = registry();
    parts.add((AutoCloseable) registry::stop);
    registry.start();
    HeldOrderEvents feeds = new HeldOrderEvents();
    Simulator simulator = parts.add(LocalVenues.simulator(options, feeds));
    String registryUrl =
        "http://127.0.0.1:" + registry.getMappedPort(REGISTRY_PORT) + "/apis/ccompat/v7";
    Path file = LocalConfig.write(options, kafka.getBootstrapServers(), registryUrl, simulator);
    readableByOthers(options.data());
    Config config = Config.load(Optional.of(file), options.overrides());
    var stack = new ContainerStack(parts, kafka, simulator, config, file);
    TopicsCommand.apply(stack.connection(), config, change -> {});
    SchemasCommand.register(stack.connection(), config);
    feeds.to(parts.add(new FeedPublisher(stack.connection())));
    parts.add((AutoCloseable) stack::stopAll);
    stack.names().forEach(name -> stack.begin(name, options));
    stack.awaitReady();
    return stack;
  }

  private static KafkaContainer kafka() {
    var kafka = new KafkaContainer(DockerImageName.parse(ItMode.KAFKA));
    kafka
        .withEnv("KAFKA_HEAP_OPTS", "-Xms256m -Xmx512m")
        .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
        .withEnv("KAFKA_MESSAGE_MAX_BYTES", "4259840")
        .withEnv("KAFKA_TRANSACTION_MAX_TIMEOUT_MS", "10000")
        .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "12")
        .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "12")
        .withEnv("KAFKA_LOG_CLEANER_DEDUPE_BUFFER_SIZE", "16777216")
        .withStartupTimeout(Duration.ofMinutes(2))
        .withCreateContainerCmdModifier(onLoopback(9092));
    return kafka;
  }

  private static GenericContainer<?> registry() {
    return new GenericContainer<>(DockerImageName.parse(ItMode.REGISTRY))
        .withEnv("JAVA_OPTS_APPEND", "-Xms64m -Xmx320m -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
        .withEnv("QUARKUS_HTTP_PORT", Integer.toString(REGISTRY_PORT))
        .withEnv("QUARKUS_OTEL_SDK_DISABLED", "true")
        .withEnv("APICURIO_STORAGE_KIND", "sql")
        .withEnv("APICURIO_STORAGE_SQL_KIND", "h2")
        .withExposedPorts(REGISTRY_PORT)
        .withCreateContainerCmdModifier(onLoopback(REGISTRY_PORT))
        .waitingFor(
            Wait.forHttp("/apis/ccompat/v7/subjects").withStartupTimeout(Duration.ofMinutes(2)));
  }

  /** Published on the loopback interface only, on a free port. */
  private static Consumer<CreateContainerCmd> onLoopback(int port) {
    return create ->
        create
            .getHostConfig()
            .withPortBindings(
                new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(port)));
  }

  /** The image's user is another one than ours. */
  private static void readableByOthers(Path data) throws IOException {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of("ledger", "desk"));
    for (Config.Venue venue : config.venues().values()) {
      if (Venues.provider(venue.adapter()).capabilities().hasFeed()) {
        names.add("feed " + venue.name());
      }
    }
    return names;
  }

  private void begin(String name, LocalStack.Options options) {
    roles.put(name, RoleContainer.start(name, configFile, options.overrides()));
  }

  @Override
  public Config config() {
    return config;
  }

  @Override
  public Path configFile() {
    return configFile;
  }

  @Override
  public Simulator simulator() {
    return simulator;
  }

  @Override
  public void stop(String role) {
    roles.get(role).stop();
  }

  @Override
  public void start(String role) {
    RoleContainer stopped = roles.get(role);
    logOfStopped.addAll(stopped.log());
    roles.put(role, stopped.again());
  }

  @Override
  public void awaitReady() {
    roles.values().stream().filter(RoleContainer::runs).forEach(RoleContainer::awaitReady);
  }

  @Override
  public List<Integer> opsPorts() {
    return roles.values().stream().map(RoleContainer::port).toList();
  }

  @Override
  public void pauseBroker() {
    docker().pauseContainerCmd(kafka.getContainerId()).exec();
  }

  @Override
  public void resumeBroker() {
    docker().unpauseContainerCmd(kafka.getContainerId()).exec();
  }

  static DockerClient docker() {
    return DockerClientFactory.lazyClient();
  }

  @Override
  public List<String> log() {
    List<String> lines = new ArrayList<>(logOfStopped);
    roles.values().forEach(role -> lines.addAll(role.log()));
    return lines;
  }

  private void stopAll() {
    roles.values().forEach(RoleContainer::close);
  }

  @Override
  public void close() {
    parts.close();
  }
}
