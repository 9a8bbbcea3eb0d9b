package io.countermand.app.bench;

import io.countermand.app.cli.MainClass;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.cli.Terminal;
import io.countermand.app.trial.DemoData;
import io.countermand.bench.Bench;
import io.countermand.bench.DeskBench;
import io.countermand.bench.load.BenchOptions;
import io.countermand.bench.report.BenchReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Sends the same intents through Countermand and through what one would write instead, in"
            + " turn, on a broker and a simulated venue of its own. Exit code 1 if a measurement is"
            + " not valid: an intent without its call or its result.")
public final class BenchCommand implements Callable<Integer> {

  /** Of eight minutes, less what it takes to stop. */
  private static final Duration QUICK = Duration.ofSeconds(460);

  @Option(
      names = "--quick",
      description =
          "Fewer variants, loads and pairs, shorter and less warmed up: eight minutes at the most,"
              + " on a slow machine with one pair only. Options that are given hold.")
  private boolean quick;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "How often each variant runs. Default: 5; quick: 2.")
  private @Nullable Integer pairs;

  @Option(
      names = "--variants",
      split = ",",
      paramLabel = "NAME",
      description =
          "floor, parallel-consumer, share-consumer, streams-sync, countermand, countermand-apart."
              + " Default: all; quick: floor, parallel-consumer, countermand.")
  private @Nullable List<String> variants;

  @Option(
      names = "--loads",
      split = ",",
      paramLabel = "LOAD",
      description =
          "Intents per second, burst, or burst-terminal. Default: 300,1000,burst,burst-terminal;"
              + " quick: without the last."
              + " orders-N and settled-N measure nothing: they add orders to the desk's table, or"
              + " settled cancelIds to the ledger's, before the loads that follow."
              + " default-rates: --orders cancels at once at one venue of each adapter, at the adapters'"
              + " own rates, by Countermand alone; once, after all pairs.")
  private @Nullable List<String> loads;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "How long a steady load lasts. Default: 30; quick: 8.")
  private @Nullable Integer seconds;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      defaultValue = "4",
      description = "Of every topic. Default: ${DEFAULT-VALUE}, as `up` has on one machine.")
  private int partitions;

  @Option(
      names = "--desks",
      paramLabel = "N",
      defaultValue = "1",
      description = "Desk processes of countermand-apart. Default: ${DEFAULT-VALUE}.")
  private int desks;

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "300",
      description = "Cancels at once at each venue of default-rates. Default: ${DEFAULT-VALUE}.")
  private int orders;

  @Option(
      names = "--cold",
      description = "Without warming up: what the first intents after a start have to wait for.")
  private boolean cold;

  @Option(
      names = "--jvm",
      split = " ",
      paramLabel = "OPTION",
      description = "More options for the JVMs of Countermand's roles, to try them.")
  private List<String> jvm = List.of();

  @Option(
      names = "--early-reject",
      description =
          "Instead: the desk alone, with 1 million orders in its table; intents per second to their"
              + " decision.")
  private boolean earlyReject;

  @Option(
      names = "--growth",
      split = ",",
      arity = "0..1",
      paramLabel = "ORDERS",
      fallbackValue = "10000,1000000,5000000",
      description =
          "Instead: the desk alone, with tables of these sizes: latency, memory, disk, restart."
              + " Default: ${FALLBACK-VALUE}. Smaller tables first.")
  private @Nullable List<Long> growth;

  @Option(
      names = "--report",
      paramLabel = "FILE.json",
      description = "Write every measurement, the ratios and the targets.")
  private @Nullable Path report;

  @Option(names = "--charts", paramLabel = "DIR", description = "Draw the medians, as SVG files.")
  private @Nullable Path charts;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/bench",
      description = "Where it runs; emptied first. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("data/bench");

  @Override
  public Integer call() throws IOException, InterruptedException {
    var terminal = new Terminal(System.out);
    var options =
        new BenchOptions(
            pairs != null ? pairs : quick ? 2 : 5,
            quick && pairs == null ? QUICK : Duration.ofDays(1),
            variants != null
                ? variants
                : quick ? BenchOptions.QUICK_VARIANTS : BenchOptions.ALL_VARIANTS,
            loads != null ? loads : quick ? BenchOptions.QUICK_LOADS : BenchOptions.ALL_LOADS,
            Duration.ofSeconds(seconds != null ? seconds : quick ? 8 : 30),
            Duration.ofSeconds(quick ? 6 : 16),
            quick ? 3_000 : 10_000,
            quick ? 3 : 20,
            cold,
            jvm,
            partitions,
            desks,
            orders,
            DemoData.fresh(data.toAbsolutePath().normalize()),
            MainClass.NAME,
            null);
    if (earlyReject || growth != null) {
      List<Long> sizes = growth != null ? growth : List.of(1_000_000L);
      write(DeskBench.run(options, sizes, growth != null, terminal::line, terminal::progress));
      return 0;
    }
    try (var parts = new Shutdown()) {
      var written = new CountDownLatch(1);
      parts.add(interrupting(Thread.currentThread(), written));
      try {
        BenchReport result = Bench.run(options, terminal::line, terminal::progress, parts::asked);
        tell(result);
        return result.valid() ? 0 : 1;
      } finally {
        written.countDown();
      }
    }
  }

  /** Asked to end, the benchmark tells what it has; the JVM waits for that. */
  private static AutoCloseable interrupting(Thread benchmark, CountDownLatch written) {
    return () -> {
      if (written.getCount() > 0) {
        benchmark.interrupt();
        boolean _ = written.await(1, TimeUnit.MINUTES);
      }
    };
  }

  private void tell(BenchReport result) throws IOException {
    write(result.json());
    if (charts != null) {
      Files.createDirectories(charts);
      for (var chart : result.charts().entrySet()) {
        Files.writeString(charts.resolve(chart.getKey()), chart.getValue());
      }
    }
    System.out.println();
    System.out.println(result.text());
  }

  private void write(String json) throws IOException {
    if (report != null) {
      if (report.toAbsolutePath().getParent() != null) {
        Files.createDirectories(report.toAbsolutePath().getParent());
      }
      Files.writeString(report, json);
    }
  }
}
