package io.countermand.bench;

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
  private static final Duration REST = Duration.ofSeconds(6);
  private static final double STILL_FALLS = 0.95;
  private static final int LEVEL_ROUNDS = 2;
  private static final long ORDERS_PER_RUN = 1_000_000;

  private final BenchOptions options;
  private final Consumer<String> progress;
  private final BooleanSupplier stop;
  private final List<Measured> measured = new ArrayList<>();
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
    return BenchReport.of(machine, options, bench.measured, endedEarly);
  }

  private void all(Consumer<String> line) throws IOException, InterruptedException {
    progress.accept("starting Kafka and the schema registry");
    try (Stage stage = Stage.start(options)) {
      List<Variant> variants = options.chosen();
      progress.accept("warming up the broker");
      one(stage, 0, variants.getFirst(), List.of(), line);
      for (int pair = 1; pair <= options.pairs() && !stop.getAsBoolean(); pair++) {
        for (Variant variant : pair % 2 == 1 ? variants : variants.reversed()) {
          one(stage, pair, variant, options.steps(), line);
        }
      }
    }
  }

  private void one(Stage stage, int pair, Variant variant, List<Step> steps, Consumer<String> line)
      throws IOException, InterruptedException {
    if (stop.getAsBoolean()) {
      return;
    }
    String what = "pair %d of %d, %s: ".formatted(pair, options.pairs(), variant.label());
    progress.accept(what + "starting");
    long firstOrder = ++runs * ORDERS_PER_RUN;
    try (Subject subject =
            Subject.start(options, stage, variant, "run-" + pair + "-" + variant.label());
        var run = new LoadRun(pair, variant, stage, subject, firstOrder)) {
      run.play(Load.probe());
      progress.accept(what + "warming up");
      warmUp(run);
      for (Step step : steps) {
        progress.accept(what + step.name());
        Thread.sleep(Duration.ofMillis(300));
        switch (step) {
          case Filling filling -> run.fill(filling);
          case Load load -> {
            Measured result = run.play(load);
            measured.add(result);
            line.accept(Table.line(result));
          }
        }
      }
    }
  }

  /**
   * Load, and rests between: at load the compiler gets too little of two cores to come to an end,
   * and what is measured then is compiling. Goes on until the CPU of a round no longer falls; the
   * same rule for every variant.
   */
  private void warmUp(LoadRun run) throws IOException, InterruptedException {
    run.play(Load.warmUp(options.warmUp()));
    run.play(Load.warmUpBurst(options.warmUpBurst()));
    double least = Double.MAX_VALUE;
    int level = 0;
    for (int i = 0; i < options.warmUpRests() && level < LEVEL_ROUNDS; i++) {
      Thread.sleep(REST);
      double cpu = run.play(Load.warmUp(options.warmUp().dividedBy(2))).cpuPer1000();
      level = cpu < STILL_FALLS * least ? 0 : level + 1;
      least = Math.min(least, cpu);
    }
  }
}
