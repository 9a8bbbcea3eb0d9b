package io.countermand.app.config;

import io.countermand.app.config.Config.Desk;
import io.countermand.app.config.Config.Http;
import io.countermand.app.config.Config.Intents;
import io.countermand.app.config.Config.Kafka;
import io.countermand.app.config.Config.Ledger;
import io.countermand.app.config.Config.Registry;
import io.countermand.app.config.Config.Streams;
import io.countermand.app.config.Config.Topics;
import io.countermand.app.config.Config.Tracing;
import io.countermand.app.config.Config.Venue;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.observe.ProcessName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Binds every key once, collecting what is wrong. */
final class KeyBinder {

  static final Duration LEAST = Duration.ofMillis(1);
  static final Duration MOST = Duration.ofDays(365);

  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9._-]{1,80}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,255}");
  private static final Pattern APPLICATION = Pattern.compile("[A-Za-z0-9_-]{1,80}");

  private final ConfigSection root;
  private final Map<String, String> environment;
  private final Predicate<String> called;

  private KeyBinder(ConfigSection root, Map<String, String> environment, Predicate<String> called) {
    this.root = root;
    this.environment = environment;
    this.called = called;
  }

  static Config load(
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> commandLine,
      Predicate<String> called) {
    List<ConfigProblem> problems = new ArrayList<>();
    YamlFile yaml = file.map(path -> YamlFile.read(path, problems)).orElse(YamlFile.EMPTY);
    if (problems.stream().anyMatch(problem -> problem.key().isEmpty())) {
      throw new ConfigException(problems); // What follows would only be lacking the file.
    }
    var layers = new ConfigLayers(yaml, environment, commandLine, problems);
    Config config =
        new KeyBinder(new ConfigSection("", layers, problems), environment, called).config();
    layers.rejectUnknown();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return config;
  }

  /** Every key that there is; {@code *} stands for a name that people choose. */
  static SortedSet<String> keys(YamlFile yaml, Map<String, String> environment) {
    var layers = new ConfigLayers(yaml, environment, Map.of(), new ArrayList<>());
    new KeyBinder(new ConfigSection("", layers, new ArrayList<>()), environment, venue -> true)
        .config();
    return layers.asked();
  }

  private Config config() {
    String instance =
        root.text(
            "instance",
            ProcessName.instance(environment),
            INSTANCE,
            "1 to 80 of letters, digits, '.', '_' and '-'");
    Path stateDir = root.value("state-dir", Path.of("data", "state"), "allowed: a path", Path::of);
    Kafka kafka = kafka(root.in("kafka"));
    Registry registry = registry(root.in("registry"));
    ConfigSection topics = root.in("topics");
    Topics counts =
        new Topics(
            topics.whole("partitions", 12, 1, 10_000),
            (short) topics.whole("replication", 1, 1, 10));
    Intents intents = intents(root.in("intents"));
    Desk desk = desk(root.in("desk"));
    Ledger ledger = ledger(root.in("ledger"));
    if (desk.streams().applicationId().equals(ledger.streams().applicationId())) {
      root.problem(
          "ledger.application-id", "the same as the desk's", "give each an application-id");
    }
    SortedMap<String, Venue> venues = new VenueKeys(root, environment, called).venues();
    return new Config(
        instance,
        stateDir,
        kafka,
        registry,
        counts,
        intents,
        desk,
        ledger,
        venues,
        SimulatorKeys.read(root.in("simulator")),
        http(root.in("http")),
        DoorKeys.read(root.in("door"), HOST),
        ConsoleKeys.read(root.in("console"), HOST),
        tracing(root.in("tracing").in("otlp")));
  }

  private static Http http(ConfigSection http) {
    return new Http(
        http.text("host", "127.0.0.1", HOST, "a host name or address, 0.0.0.0 for all"),
        http.<Optional<Integer>>value(
                "port",
                Optional.empty(),
                "allowed: a whole number from 0 to 65535, or none",
                KeyBinder::port)
            .orElse(null));
  }

  private static Tracing tracing(ConfigSection otlp) {
    return new Tracing(
        otlp.<Optional<URI>>value(
                "endpoint",
                Optional.empty(),
                "allowed: like http://collector:4318, without user, query or fragment, or none",
                text ->
                    text.equals("none")
                        ? Optional.empty()
                        : Optional.of(ValueParsers.url(text, List.of("http", "https"))))
            .orElse(null),
        otlp.path("headers-file"),
        otlp.path("authorities"),
        otlp.duration("timeout", Duration.ofSeconds(5), LEAST, Duration.ofMinutes(1)),
        otlp.whole("most-waiting", 4096, 1, 1_000_000));
  }

  private static Optional<Integer> port(String text) {
    if (text.equals("none")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("out of range");
    }
    return Optional.of(port);
  }

  private static Kafka kafka(ConfigSection kafka) {
    return new Kafka(
        kafka.text(
            "bootstrap-servers",
            "localhost:9092",
            Properties.SERVERS,
            "host:port, several separated by commas"),
        Properties.kafka(kafka));
  }

  private static Registry registry(ConfigSection registry) {
    return new Registry(
        registry.value(
            "url",
            "http://localhost:8081/apis/ccompat/v7",
            "allowed: http(s)://host:port/path, several separated by commas, without a user",
            Properties::urls),
        Properties.registry(registry));
  }

  private static Intents intents(ConfigSection intents) {
    var read =
        new Intents(
            intents.duration("default-deadline", Duration.ofSeconds(60), LEAST, MOST),
            intents.duration("longest-deadline", Duration.ofHours(24), LEAST, MOST));
    if (read.longestDeadline().compareTo(read.defaultDeadline()) < 0) {
      intents.problem(
          "longest-deadline",
          "shorter than the default deadline",
          "allowed: at least " + ValueParsers.show(read.defaultDeadline()));
    }
    return read;
  }

  private static Desk desk(ConfigSection desk) {
    return new Desk(
        streams(desk, "countermand-desk", 1, Duration.ofMillis(500), Duration.ofMinutes(1)),
        desk.duration("forget-terminal", Duration.ofHours(24), LEAST, MOST),
        desk.duration("forget-idle", Duration.ofDays(30), LEAST, MOST.multipliedBy(10)),
        desk.duration("drain", Duration.ofSeconds(10), LEAST, Duration.ofMinutes(10)),
        desk.whole("most-waiting", 10_000, 1, 1_000_000));
  }

  private static Ledger ledger(ConfigSection ledger) {
    return new Ledger(
        streams(
            ledger,
            "countermand-ledger",
            2,
            Duration.ofMillis(100),
            StreamsSettings.LONGEST_COMMIT), // it commits transactions
        ledger.duration("answer-grace", Duration.ofSeconds(2), LEAST, Duration.ofHours(1)),
        ledger.duration("remember-order", Duration.ofMinutes(10), LEAST, MOST),
        ledger.duration("remember-settled", Duration.ofHours(24), LEAST, MOST));
  }

  private static Streams streams(
      ConfigSection section,
      String applicationId,
      int threads,
      Duration commitEvery,
      Duration longestCommit) {
    return new Streams(
        section.text(
            "application-id",
            applicationId,
            APPLICATION,
            "1 to 80 of letters, digits, '_' and '-'"),
        section.whole("threads", threads, 1, 1000),
        section.whole("standbys", 0, 0, 100),
        section.duration("commit-every", commitEvery, LEAST, longestCommit));
  }
}
