package io.countermand.bench;

import io.countermand.bench.load.BenchOptions;
import io.countermand.bench.load.IntentBatch;
import io.countermand.bench.load.Load;
import io.countermand.bench.load.ResultReader;
import io.countermand.bench.load.Sender;
import io.countermand.bench.load.TableFiller;
import io.countermand.bench.measure.DeskMeasured;
import io.countermand.bench.measure.Latencies;
import io.countermand.bench.measure.ProcessUsage;
import io.countermand.bench.process.BenchCluster;
import io.countermand.bench.process.CommandLines;
import io.countermand.bench.process.DeskProcess;
import io.countermand.bench.process.RoleConfig;
import io.countermand.bench.process.VariantProcesses;
import io.countermand.bench.process.VenueProcess;
import io.countermand.bench.report.BenchReport;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelProgress;
import io.countermand.events.Refused;
import io.countermand.events.Routed;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.LocalPlatform;
import io.countermand.platform.Topics;
import io.countermand.platform.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * How the desk bears a table that grows: the decisions are read from {@code cancel-progress}. It
 * calls a simulated venue, which knows none of the orders; no ledger runs.
 */
public final class DeskBench implements AutoCloseable {

  private static final int STEADY = 2_000;
  private static final int MOST_REFUSED = 200_000;
  private static final String FIRST = "desk-1";
  private static final String SECOND = "desk-2";

  /** So many orders that each partition has some. */
  private static final int EVERYWHERE = 100;

  private static final long PROBED = (long) EVERYWHERE * TableFiller.TERMINAL_EACH;
  private static final int WARM_UP = 5_000;
  private static final int WARM_UP_ROUNDS = 5;
  private static final Duration REST = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final BenchOptions options;
  private final BenchCluster stage;
  private final VenueProcess venue;
  private final DeskProcess desk;
  private final int port;
  private final EventSerdes serdes;
  private final Serializer<CancelIntent> serializer;
  private final Sender sender;
  private final ResultReader decisions;
  private @Nullable DeskProcess standby;
  private long orders;

  private DeskBench(BenchOptions options, BenchCluster stage)
      throws IOException, InterruptedException {
    this.options = options;
    this.stage = stage;
    this.port = LocalPlatform.freePort();
    this.venue = venue(options, stage, port);
    this.desk = new DeskProcess(options, stage, FIRST, port, 0);
    this.serdes = stage.connection().serdes();
    EventDecoder<CancelProgress> decoder = serdes.decoder(CancelProgress.class);
    this.serializer = serdes.serializer(CancelIntent.class);
    this.sender = new Sender(stage.connection());
    this.decisions =
        new ResultReader(
            stage.connection(), Topics.PROGRESS, false, value -> decision(decoder, value));
  }

  private static VenueProcess venue(BenchOptions options, BenchCluster stage, int port)
      throws IOException, InterruptedException {
    Path directory = Files.createDirectories(options.data().resolve("venue"));
    Path config =
        RoleConfig.write(options, stage, directory, port, RoleConfig.Instance.only(options));
    List<String> command =
        CommandLines.role(options, config, CommandLines.SIMULATOR, "simulate", "--no-feed");
    return new VenueProcess(
        ChildProcess.start("simulator", command, directory, directory.resolve("simulator.log")),
        port);
  }

  /** Whether it is no attempt: those have a producer of their own, and may come first. */
  private static boolean decision(EventDecoder<CancelProgress> decoder, byte[] value) {
    return decoder.decode(Topics.PROGRESS, value)
            instanceof Decoded.Ok<CancelProgress>(var progress)
        && (progress.getWhat() instanceof Routed || progress.getWhat() instanceof Refused);
  }

  /**
   * @param sizes of the table, rising
   * @param restarts whether to measure what a restart and a lost disk cost
   * @param line hears each result
   * @return JSON
   */
  public static String run(
      BenchOptions options,
      List<Long> sizes,
      boolean restarts,
      Consumer<String> line,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    List<DeskMeasured> all = new ArrayList<>();
    try (BenchCluster stage = BenchCluster.start(options);
        var bench = new DeskBench(options, stage)) {
      bench.play(Load.decisions("probe", 1, 0), i -> Long.MAX_VALUE); // until it is up
      progress.accept("warming up");
      bench.warmUp();
      for (long size : sizes) {
        progress.accept("%,d orders".formatted(size));
        DeskMeasured measured = bench.grow(size, restarts);
        all.add(measured);
        line.accept(line(measured));
      }
    }
    return BenchReport.json(all);
  }

  private static String line(DeskMeasured m) {
    return String.format(
        Locale.ROOT,
        "%,d orders: decision p50 %.1f p99 %.1f max %.1f ms at 300/s; %,.0f refused/s; %,.0f order"
            + " events/s; %.0f MB resident, %.0f MB on disk; decides again %.1f s after a restart,"
            + " %.1f s with the disk lost, %.1f s with a standby",
        m.orders(),
        m.toDecision().p50(),
        m.toDecision().p99(),
        m.toDecision().max(),
        m.refusedPerSecond(),
        m.eventsPerSecond(),
        m.peakMegabytes(),
        m.diskMegabytes(),
        m.restartSeconds(),
        m.restoreSeconds(),
        m.standbySeconds());
  }

  /** As long as the variants are, on orders of no table: the smallest comes first. */
  private void warmUp() throws InterruptedException {
    long first = Long.MAX_VALUE / 2;
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      long from = first + (long) round * WARM_UP;
      play(Load.decisions("warm-up", WARM_UP, 500), i -> from + i);
      Thread.sleep(REST);
    }
  }

  private DeskMeasured grow(long size, boolean restarts) throws IOException, InterruptedException {
    long before = orders;
    double eventsPerSecond = fill(size);
    long stride =
        Math.max(1, size / TableFiller.TERMINAL_EACH / STEADY) * TableFiller.TERMINAL_EACH;
    play(Load.decisions("warm-up", STEADY, 300), i -> i * stride);
    Played steady = play(Load.decisions("steady", STEADY, 300), i -> i * stride + 1);
    int refused = (int) Math.min(MOST_REFUSED, (size - before) / TableFiller.TERMINAL_EACH);
    long first = before / TableFiller.TERMINAL_EACH;
    Played burst =
        play(Load.decisions("refused", refused, 0), i -> TableFiller.terminal(first + i));
    double peak = ProcessUsage.of(desk.pids()).peakMegabytes();
    double restart = restarts ? restart(size - 2) : -1;
    double disk = desk.diskMegabytes(); // after a clean stop all of it is there
    double restore = restarts ? restore(size - 3) : -1;
    return new DeskMeasured(
        size,
        eventsPerSecond,
        steady.latencies(),
        refused / burst.seconds(),
        peak,
        disk,
        restart,
        restore,
        restarts ? takeOver(size - 4) : -1);
  }

  /** Events per second. */
  private double fill(long size) throws InterruptedException {
    long began = System.nanoTime();
    TableFiller.add(stage.connection(), orders, size);
    while (!stage.caughtUp(VariantProcesses.DESK, Topics.ORDER_EVENTS)) {
      requireAlive(began);
      Thread.sleep(100);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double perSecond = (size - orders) / seconds;
    orders = size;
    return perSecond;
  }

  /** Seconds until it decides again. */
  private double restart(long order) throws IOException, InterruptedException {
    long began = System.nanoTime();
    desk.restart(0);
    return decided(order, began);
  }

  /** The same, with nothing on its disk. */
  private double restore(long order) throws IOException, InterruptedException {
    desk.stop();
    desk.loseDisk();
    long began = System.nanoTime();
    desk.restart(0);
    return decided(order, began);
  }

  /** Seconds until another instance, which had a copy, decides in its place. */
  private double takeOver(long order) throws IOException, InterruptedException {
    desk.restart(1);
    double seconds;
    try (var second = new DeskProcess(options, stage, SECOND, port, 1)) {
      standby = second;
      decided(order, System.nanoTime());
      second.awaitRest();
      long began = System.nanoTime();
      desk.stop();
      desk.loseDisk();
      seconds = decided(order - PROBED, began);
    } finally {
      standby = null;
    }
    desk.restart(0); // the next size grows in it
    decided(order - 2 * PROBED, System.nanoTime());
    return seconds;
  }

  /** Until intents of open orders of every partition, the last of that number, are decided. */
  private double decided(long order, long began) throws InterruptedException {
    play(Load.decisions("probe", EVERYWHERE, 0), i -> order - (long) i * TableFiller.TERMINAL_EACH);
    return (System.nanoTime() - began) / 1e9;
  }

  /**
   * @param seconds until the last decision
   */
  private record Played(Latencies latencies, double seconds) {}

  private Played play(Load load, IntToLongFunction numbers) throws InterruptedException {
    var batch = new IntentBatch(load, numbers, serializer);
    ResultReader.Watch watch = decisions.watch(batch);
    Sender.Sent sent = sender.send(batch, Topics.INTENTS);
    long began = System.nanoTime();
    while (watch.sightings().seen() < batch.size()) {
      requireAlive(began);
      Thread.sleep(5);
    }
    return new Played(
        Latencies.of(watch.sightings().since(sent.start(), load)),
        (watch.sightings().last() - sent.start()) / 1e6);
  }

  private void requireAlive(long began) {
    boolean alive = desk.alive() || (standby != null && standby.alive());
    if (!alive || System.nanoTime() - began > PATIENCE.toNanos()) {
      throw new IllegalStateException("the desk has ended, or does not come on; see its log");
    }
  }

  @Override
  public void close() {
    decisions.close();
    sender.close();
    serdes.close();
    desk.close();
    venue.close();
  }
}
