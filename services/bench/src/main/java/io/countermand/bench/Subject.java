package io.countermand.bench;

import io.countermand.bench.call.PeerSettings;
import io.countermand.bench.peers.PeerMain;
import io.countermand.platform.Child;
import io.countermand.platform.ClassPath;
import io.countermand.platform.LocalPlatform;
import io.countermand.simulator.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of one variant, and the venue that they call. */
final class Subject implements AutoCloseable {

  /** Calls in flight, of every variant. */
  static final int CONCURRENCY = 256;

  private static final String TOKEN = Credentials.DEFAULT.token();
  private static final List<String> GC = List.of("-XX:+UseSerialGC");
  static final List<String> WHOLE = List.of("-Xms128m", "-Xmx768m");
  private static final List<String> THIRD = List.of("-Xms43m", "-Xmx256m");
  private static final List<String> SIMULATOR = List.of("-Xms256m", "-Xmx1g");
  private static final List<String> ROLE =
      List.of("-Dcountermand.child=true", "-Dcountermand.log.level=INFO", Child.graceProperty());

  private final BenchOptions options;
  private final Stage stage;
  private final Path directory;
  private final List<Child> children = new ArrayList<>();
  private final VenueProcess venue;
  private final JournalTail journal;

  private Subject(
      BenchOptions options, Stage stage, Path directory, VenueProcess venue, JournalTail journal) {
    this.options = options;
    this.stage = stage;
    this.directory = directory;
    this.venue = venue;
    this.journal = journal;
  }

  /** Returns when the venue serves; whether the variant is up, only its first result tells. */
  static Subject start(BenchOptions options, Stage stage, Variant variant, String name)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(options.data().resolve(name));
    int port = LocalPlatform.freePort();
    Path config = config(options, stage, directory, port);
    VenueProcess venue = venue(options, directory, config, port, variant);
    var subject =
        new Subject(
            options, stage, directory, venue, new JournalTail(directory.resolve("venue.jsonl")));
    try {
      switch (variant) {
        case COUNTERMAND -> subject.role("roles", config, WHOLE, "roles");
        case COUNTERMAND_APART -> {
          subject.role("ledger", config, THIRD, "ledger");
          subject.role("gate", config, THIRD, "gate");
          subject.role("worker", config, THIRD, "worker", "--venue", Batch.VENUE);
        }
        default -> subject.peer(variant, port);
      }
      return subject;
    } catch (IOException | RuntimeException e) {
      subject.close();
      throw e;
    }
  }

  private static VenueProcess venue(
      BenchOptions options, Path directory, Path config, int port, Variant variant)
      throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of("simulate", "--config", config.toString()));
    if (!variant.ours()) {
      arguments.add("--no-feed"); // the peers know nothing of orders
    }
    List<String> command = java(SIMULATOR, ROLE, ClassPath.own(), options.main(), arguments);
    return new VenueProcess(
        Child.start("simulator", command, directory, directory.resolve("simulator.log")), port);
  }

  private void role(String name, Path config, List<String> heap, String... arguments) {
    start(name, role(options, config, heap, arguments));
  }

  /** The command line of a role of ours. */
  static List<String> role(
      BenchOptions options, Path config, List<String> heap, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    return java(heap, ROLE, ClassPath.own(), options.main(), all);
  }

  private void peer(Variant variant, int port) throws IOException {
    Path file = directory.resolve("peer.properties");
    new PeerSettings(
            stage.connection().bootstrapServers(),
            stage.connection().registryUrl(),
            "bench-" + variant.label(),
            variant.intents(),
            variant.results(),
            stage.partitions(),
            Batch.VENUE,
            URI.create("http://127.0.0.1:" + port + "/" + Batch.VENUE),
            TOKEN,
            CONCURRENCY,
            directory.resolve("state"))
        .write(file);
    if (variant == Variant.PARALLEL_CONSUMER) {
      String jars = ParallelConsumer.home(options.parallelConsumer()) + "/*";
      start(
          variant.label(),
          java(WHOLE, List.of(), jars, ParallelConsumer.MAIN, List.of(file.toString())));
    } else {
      start(
          variant.label(),
          java(
              WHOLE,
              List.of(),
              ClassPath.own(),
              PeerMain.class.getName(),
              List.of(variant.label(), file.toString())));
    }
  }

  private void start(String name, List<String> command) {
    children.add(Child.start(name, command, directory, directory.resolve(name + ".log")));
  }

  private static List<String> java(
      List<String> heap,
      List<String> properties,
      String classPath,
      String main,
      List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Child.java());
    command.addAll(heap);
    command.addAll(GC);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(properties);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return command;
  }

  /** Everything at its default, but for the venue's limits. */
  static Path config(BenchOptions options, Stage stage, Path directory, int port)
      throws IOException {
    Path token = directory.resolve("token");
    Files.writeString(token, TOKEN);
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
                CONCURRENCY,
                VenueProcess.LEAST_LATENCY.toMillis(),
                directory);
    Path file = directory.resolve("countermand.yaml");
    Files.writeString(file, yaml);
    return file;
  }

  VenueProcess venue() {
    return venue;
  }

  JournalTail journal() {
    return journal;
  }

  List<Long> pids() {
    return children.stream().map(Child::pid).toList();
  }

  /**
   * @throws IllegalStateException if a process has ended
   */
  void requireAlive() {
    if (!children.stream().allMatch(Child::isAlive)) {
      throw new IllegalStateException("a process has ended; see the logs in " + directory);
    }
  }

  @Override
  public void close() {
    children.parallelStream().forEach(Child::close);
    venue.close();
  }
}
