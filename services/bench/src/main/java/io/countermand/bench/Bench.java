package io.countermand.bench;

import io.countermand.bench.load.BenchOptions;
import io.countermand.bench.load.BenchStep;
import io.countermand.bench.load.Load;
import io.countermand.bench.load.StoreFill;
import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.Machine;
import io.countermand.bench.measure.Measured;
import io.countermand.bench.measure.VenueRates;
import io.countermand.bench.process.BenchCluster;
import io.countermand.bench.process.VariantProcesses;
import io.countermand.bench.report.BenchReport;
import io.countermand.bench.report.ResultTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs every variant in turn, and again: broker and registry stay, the variant's processes and the
 * venue are new each time and warmed up first. The order of variants turns round with each pair.
 */
public final class Bench {

  private static final Logger LOG = LoggerFactory.getLogger(Bench.class);

  /** CPU seconds of all compilers per 1,000 intents: 0.1 is 5% of a core at 500/s. */
  private static final double COMPILED = 0.1;

  /** Percent of the processors' time that another machine may have. */
  private static final double DISTURBED = 5;

  private static final int TRIES = 2;
  private static final long ORDERS_PER_RUN = 1_000_000;

  private final BenchOptions options;
  private final Consumer<String> progress;
  private final BooleanSupplier stop;
  private final List<Measured> measured = new ArrayList<>();
  private Map<String, VenueRates> defaultRates = Map.of();
  private long runs;

  private Bench(BenchOptions options, Consumer<String> progress, BooleanSupplier stop) {
    this.options = options;
    this.progress = progress;
    this.stop = stop;
  }

  /**
   * @param line hears what stays on the screen
   * @param progress hears what is going on
   * @param stop whether it was asked to end early; who asks interrupts this thread, too
   * @return what there is, also if it ended early or broke off
   */
  public static BenchReport run(
      BenchOptions options, Consumer<String> line, Consumer<String> progress, BooleanSupplier stop)
      throws IOException, InterruptedException {
    Map<String, String> machine = Machine.facts();
    var bench = new Bench(options, progress, stop);
    String endedEarly = null;
    try {
      bench.all(line);
    } catch (IOException | InterruptedException | RuntimeException e) {
      if (!stop.getAsBoolean()) {
        LOG.error("the benchmark broke off", e);
      }
      endedEarly = stop.getAsBoolean() ? "interrupted" : e.toString();
    }
    return BenchReport.of(machine, bench.measured, bench.defaultRates, endedEarly);
  }

  private void all(Consumer<String> line) throws IOException, InterruptedException {
    long began = System.nanoTime();
    progress.accept("starting Kafka and the schema registry");
    try (BenchCluster stage = BenchCluster.start(options)) {
      if (!options.steps().isEmpty()) {
        pairs(stage, began, line);
      }
      if (options.defaultRates() && !stop.getAsBoolean()) {
        defaultRates = DefaultRates.run(options, stage, line, progress);
      }
    }
  }

  private void pairs(BenchCluster stage, long began, Consumer<String> line)
      throws IOException, InterruptedException {
    long longest = 0;
    List<Variant> variants = options.chosen();
    progress.accept("warming up the broker");
    one(stage, 0, variants.getFirst(), List.of(), line);
    for (int pair = 1; pair <= options.pairs() && !stop.getAsBoolean(); pair++) {
      long pairBegan = System.nanoTime();
      if (pair > 1 && pairBegan - began + longest > options.budget().toNanos()) {
        line.accept("no time for pair %d of %d".formatted(pair, options.pairs()));
        return;
      }
      for (Variant variant : pair % 2 == 1 ? variants : variants.reversed()) {
        one(stage, pair, variant, options.steps(), line);
      }
      longest = Math.max(longest, System.nanoTime() - pairBegan);
    }
  }

  private void one(
      BenchCluster stage, int pair, Variant variant, List<BenchStep> steps, Consumer<String> line)
      throws IOException, InterruptedException {
    if (stop.getAsBoolean()) {
      return;
    }
    String what = "pair %d of %d, %s: ".formatted(pair, options.pairs(), variant.label());
    progress.accept(what + "starting");
    long firstOrder = ++runs * ORDERS_PER_RUN;
    try (VariantProcesses subject =
            VariantProcesses.start(options, stage, variant, "run-" + pair + "-" + variant.label());
        var run = new LoadRun(pair, variant, stage, subject, firstOrder)) {
      run.play(Load.probe());
      if (!options.cold() || pair == 0) {
        progress.accept(what + "warming up");
        warmUp(run, what + "warming up");
      }
      for (BenchStep step : steps) {
        progress.accept(what + step.name());
        Thread.sleep(Duration.ofMillis(300));
        switch (step) {
          case StoreFill filling -> run.fill(filling);
          case Load load -> {
            Measured result = measure(run, load, what);
            measured.add(result);
            line.accept(ResultTable.line(result));
          }
        }
      }
    }
  }

  /**
   * Again if the host took too much of the machine meanwhile, whatever the figures were; what is
   * not valid is never replaced.
   */
  private Measured measure(LoadRun run, Load load, String what)
      throws IOException, InterruptedException {
    Measured best = run.play(load);
    for (int i = 1; i < TRIES && best.valid() && best.stolenPercent() > DISTURBED; i++) {
      progress.accept(
          "%s%s: again, the host took %.0f%%".formatted(what, load.name(), best.stolenPercent()));
      Measured next = run.play(load);
      best = !next.valid() || next.stolenPercent() < best.stolenPercent() ? next : best;
    }
    return best;
  }

  /**
   * Load, and rests between: at load the compilers get too little of two cores to come to an end,
   * and what is measured then is compiling. Goes on until a round leaves them next to nothing to
   * do; the same rule for every variant.
   */
  private void warmUp(LoadRun run, String what) throws IOException, InterruptedException {
    run.play(Load.warmUp(options.warmUp()));
    run.play(Load.warmUpBurst(options.warmUpBurst()));
    boolean compiled = false;
    for (int i = 0; i < options.warmUpRests() && !compiled; i++) {
      run.rest();
      double compilers = run.play(Load.warmUp(options.warmUp().dividedBy(2))).compilerCpuPer1000();
      progress.accept("%s: compilers %.3f s per 1,000".formatted(what, compilers));
      compiled = compiled(compilers);
    }
  }

  /** Less than nothing: a compiler's thread has ended, and nobody knows what the others did. */
  public static boolean compiled(double compilerCpuPer1000) {
    return compilerCpuPer1000 >= 0 && compilerCpuPer1000 <= COMPILED;
  }
}
