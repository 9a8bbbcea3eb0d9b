package io.countermand.bench.process;

import io.countermand.bench.call.PeerSettings;
import io.countermand.bench.load.BenchOptions;
import io.countermand.bench.load.IntentBatch;
import io.countermand.bench.load.JournalTail;
import io.countermand.bench.load.Variant;
import io.countermand.bench.peers.PeerMain;
import io.countermand.platform.LocalPlatform;
import io.countermand.platform.Topics;
import io.countermand.platform.process.ChildProcess;
import io.countermand.platform.process.ClassPath;
import io.countermand.simulator.options.SimulatedCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The processes of one variant, and the venue that they call. */
public final class VariantProcesses implements AutoCloseable {

  /** Calls in flight, of every variant. */
  static final int CONCURRENCY = 256;

  /** Consumer groups of Countermand's roles. */
  public static final String DESK = "countermand-desk";

  static final String LEDGER = "countermand-ledger";

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final BenchOptions options;
  private final BenchCluster stage;
  private final Path directory;
  private final List<ChildProcess> children = new ArrayList<>();
  private final VenueProcess venue;
  private final JournalTail journal;

  private VariantProcesses(
      BenchOptions options,
      BenchCluster stage,
      Path directory,
      VenueProcess venue,
      JournalTail journal) {
    this.options = options;
    this.stage = stage;
    this.directory = directory;
    this.venue = venue;
    this.journal = journal;
  }

  /** Returns when the venue serves; whether the variant is up, only its first result tells. */
  public static VariantProcesses start(
      BenchOptions options, BenchCluster stage, Variant variant, String name)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(options.data().resolve(name));
    int port = LocalPlatform.freePort();
    Path config =
        RoleConfig.write(options, stage, directory, port, RoleConfig.Instance.only(options));
    VenueProcess venue = venue(options, directory, config, port, variant);
    var subject =
        new VariantProcesses(
            options, stage, directory, venue, new JournalTail(directory.resolve("venue.jsonl")));
    try {
      switch (variant) {
        case COUNTERMAND -> subject.role("roles", config, CommandLines.WHOLE, "roles");
        case COUNTERMAND_APART -> {
          subject.role("ledger", config, CommandLines.HALF, "ledger");
          subject.desks(port);
        }
        default -> subject.peer(variant, port);
      }
      return subject;
    } catch (IOException | RuntimeException e) {
      subject.close();
      throw e;
    }
  }

  /** Countermand beside a venue of each adapter, all at their defaults; otherwise the same. */
  public static VariantProcesses atDefaultRates(
      BenchOptions options, BenchCluster stage, String name)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(options.data().resolve(name));
    int port = LocalPlatform.freePort();
    Path config = RoleConfig.atDefaultRates(options, stage, directory, port);
    VenueProcess venue = venue(options, directory, config, port, Variant.COUNTERMAND);
    var subject =
        new VariantProcesses(
            options, stage, directory, venue, new JournalTail(directory.resolve("venue.jsonl")));
    try {
      subject.role("roles", config, CommandLines.WHOLE, "roles");
      return subject;
    } catch (RuntimeException e) {
      subject.close();
      throw e;
    }
  }

  private static VenueProcess venue(
      BenchOptions options, Path directory, Path config, int port, Variant variant)
      throws IOException, InterruptedException {
    String[] arguments =
        variant.ours()
            ? new String[] {"simulate"}
            : new String[] {"simulate", "--no-feed"}; // the peers know nothing of orders
    List<String> command = CommandLines.role(options, config, CommandLines.SIMULATOR, arguments);
    return new VenueProcess(
        ChildProcess.start("simulator", command, directory, directory.resolve("simulator.log")),
        port);
  }

  private void role(String name, Path config, List<String> heap, String... arguments) {
    List<String> jvm = Stream.concat(heap.stream(), options.jvm().stream()).toList();
    start(name, CommandLines.role(options, config, jvm, arguments));
  }

  private void desks(int port) throws IOException {
    for (int i = 1; i <= options.desks(); i++) {
      String name = "desk-" + i;
      var instance = new RoleConfig.Instance(name, directory.resolve(name), 0);
      Path config = RoleConfig.write(options, stage, directory, port, instance);
      role(name, config, CommandLines.HALF, "desk");
    }
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
            IntentBatch.VENUE,
            URI.create("http://127.0.0.1:" + port + "/" + IntentBatch.VENUE),
            SimulatedCredentials.DEFAULT.token(),
            CONCURRENCY,
            directory.resolve("state"))
        .write(file);
    if (variant == Variant.PARALLEL_CONSUMER) {
      String jars = ParallelConsumer.home(options.parallelConsumer()) + "/*";
      start(
          variant.label(),
          CommandLines.peer(jars, ParallelConsumer.MAIN, List.of(file.toString())));
    } else {
      start(
          variant.label(),
          CommandLines.peer(
              ClassPath.own(),
              PeerMain.class.getName(),
              List.of(variant.label(), file.toString())));
    }
  }

  private void start(String name, List<String> command) {
    children.add(ChildProcess.start(name, command, directory, directory.resolve(name + ".log")));
  }

  public VenueProcess venue() {
    return venue;
  }

  public JournalTail journal() {
    return journal;
  }

  public List<Long> pids() {
    return children.stream().map(ChildProcess::pid).toList();
  }

  /**
   * Returns when the desk has read all order events.
   *
   * @param events how many there will be
   */
  public void awaitOrders(long events) throws InterruptedException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (stage.records(Topics.ORDER_EVENTS) < events
        || !stage.caughtUp(DESK, Topics.ORDER_EVENTS)) {
      requireAlive();
      if (System.nanoTime() > giveUp) {
        throw new IllegalStateException("the desk does not read the order events");
      }
      Thread.sleep(100);
    }
  }

  /**
   * @throws IllegalStateException if a process has ended
   */
  public void requireAlive() {
    if (!children.stream().allMatch(ChildProcess::isAlive)) {
      throw new IllegalStateException("a process has ended; see the logs in " + directory);
    }
  }

  @Override
  public void close() {
    children.parallelStream().forEach(ChildProcess::close);
    venue.close();
  }
}
