package io.countermand.bench;

import io.countermand.events.CancelIntent;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import org.apache.kafka.common.serialization.Serializer;

/** How the gate bears a table that grows: the decisions are read from {@code cancel-progress}. */
public final class GateBench implements AutoCloseable {

  private static final int STEADY = 2_000;
  private static final int MOST_REFUSED = 200_000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Stage stage;
  private final GateProcess gate;
  private final EventSerdes serdes;
  private final Serializer<CancelIntent> serializer;
  private final Sender sender;
  private final ResultReader decisions;
  private long orders;

  private GateBench(BenchOptions options, Stage stage) throws IOException {
    this.stage = stage;
    this.gate = new GateProcess(options, stage);
    this.serdes = stage.connection().serdes();
    this.serializer = serdes.serializer(CancelIntent.class);
    this.sender = new Sender(stage.connection());
    this.decisions = new ResultReader(stage.connection(), Topics.PROGRESS, false);
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
    List<GateMeasured> all = new ArrayList<>();
    try (Stage stage = Stage.start(options);
        var bench = new GateBench(options, stage)) {
      bench.play(Load.decisions("probe", 1, 0), i -> Long.MAX_VALUE); // until it is up
      for (long size : sizes) {
        progress.accept("%,d orders".formatted(size));
        GateMeasured measured = bench.grow(size, restarts);
        all.add(measured);
        line.accept(line(measured));
      }
    }
    return BenchReport.json(all);
  }

  private static String line(GateMeasured m) {
    return String.format(
        Locale.ROOT,
        "%,d orders: decision p50 %.1f p99 %.1f max %.1f ms at 300/s; %,.0f refused/s; %,.0f order"
            + " events/s; %.0f MB resident, %.0f MB on disk; first decision %.1f s after a restart,"
            + " %.1f s with the disk lost",
        m.orders(),
        m.toDecision().p50(),
        m.toDecision().p99(),
        m.toDecision().max(),
        m.refusedPerSecond(),
        m.eventsPerSecond(),
        m.peakMegabytes(),
        m.diskMegabytes(),
        m.restartSeconds(),
        m.restoreSeconds());
  }

  private GateMeasured grow(long size, boolean restarts) throws IOException, InterruptedException {
    long before = orders;
    double eventsPerSecond = fill(size);
    long stride = Math.max(1, size / OrderTable.TERMINAL_EACH / STEADY) * OrderTable.TERMINAL_EACH;
    play(Load.decisions("warm-up", STEADY, 300), i -> i * stride);
    Played steady = play(Load.decisions("steady", STEADY, 300), i -> i * stride + 1);
    int refused = (int) Math.min(MOST_REFUSED, (size - before) / OrderTable.TERMINAL_EACH);
    long first = before / OrderTable.TERMINAL_EACH;
    Played burst = play(Load.decisions("refused", refused, 0), i -> OrderTable.terminal(first + i));
    double peak = Usage.of(gate.pids()).peakMegabytes();
    double restart = restarts ? restart(true, size - 2) : -1;
    double disk = gate.diskMegabytes(); // after a clean stop all of it is there
    return new GateMeasured(
        size,
        eventsPerSecond,
        steady.latencies(),
        refused / burst.seconds(),
        peak,
        disk,
        restart,
        restarts ? restart(false, size - 3) : -1);
  }

  /** Events per second. */
  private double fill(long size) throws InterruptedException {
    long began = System.nanoTime();
    OrderTable.add(stage.connection(), orders, size);
    while (!stage.caughtUp(LoadRun.GATE, Topics.ORDER_EVENTS)) {
      requireAlive(began);
      Thread.sleep(100);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double perSecond = (size - orders) / seconds;
    orders = size;
    return perSecond;
  }

  /** Seconds until it decides again, on an open order of that number. */
  private double restart(boolean disk, long order) throws IOException, InterruptedException {
    long began = System.nanoTime();
    gate.restart(disk);
    play(Load.decisions("probe", 1, 0), i -> order);
    return (System.nanoTime() - began) / 1e9;
  }

  /**
   * @param seconds until the last decision
   */
  private record Played(Latencies latencies, double seconds) {}

  private Played play(Load load, IntToLongFunction numbers) throws InterruptedException {
    var batch = new Batch(load, numbers, serializer);
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
    if (!gate.alive() || System.nanoTime() - began > PATIENCE.toNanos()) {
      throw new IllegalStateException("the gate has ended, or does not come on; see its log");
    }
  }

  @Override
  public void close() {
    decisions.close();
    sender.close();
    serdes.close();
    gate.close();
  }
}
