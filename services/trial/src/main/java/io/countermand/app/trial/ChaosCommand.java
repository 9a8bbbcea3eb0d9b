package io.countermand.app.trial;

import io.countermand.app.chaos.Chaos;
import io.countermand.app.chaos.FailoverMeasure;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code chaos}. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description =
        "Runs every part as a process of its own, kills and pauses them at random, and compares the"
            + " intents, the outcomes and the venue's journal. Exit code 0 only if no outcome is"
            + " missing, doubled or untrue.")
public final class ChaosCommand implements Callable<Integer> {

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Each from nothing, a minute or two. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of the first run; flow and blows follow from it. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--kills",
      paramLabel = "K",
      defaultValue = "12",
      description = "SIGKILLs per run; a pause comes with every four. Default: ${DEFAULT-VALUE}.")
  private int kills;

  @Option(
      names = "--intents",
      paramLabel = "N",
      defaultValue = "1200",
      description = "Intents per run. Default: ${DEFAULT-VALUE}.")
  private int intents;

  @Option(
      names = "--measure",
      description =
          "Instead: kill single parts under 200 intents/s, and say how long new intents waited.")
  private boolean measure;

  @Option(
      names = "--report",
      paramLabel = "FILE.json",
      description = "Write what was counted, and the story of whatever went wrong.")
  private @Nullable Path report;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/chaos",
      description = "Where it runs; emptied first. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("data/chaos");

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (runs < 1 || kills < 1 || intents < 1) {
      throw new IllegalArgumentException("--runs, --kills and --intents must be positive");
    }
    var terminal = new Terminal(System.out);
    Path directory = DemoData.fresh(data.toAbsolutePath().normalize());
    if (measure) {
      FailoverMeasure.run(directory, terminal::line, terminal::progress);
      return 0;
    }
    Chaos.Report result;
    try (var parts = new Shutdown()) {
      result =
          Chaos.run(
              new Chaos.Options(runs, seed, kills, intents, directory),
              terminal::line,
              terminal::progress,
              parts::asked);
    }
    if (report != null) {
      if (report.toAbsolutePath().getParent() != null) {
        Files.createDirectories(report.toAbsolutePath().getParent());
      }
      Files.writeString(report, Chaos.json(result));
    }
    System.out.printf(
        Locale.ROOT,
        "%d runs, %,d intents: missing %d, duplicates %d, lies %d, suspicious runs %d%n%s%n%s%n",
        result.runs(),
        result.intents(),
        result.missing(),
        result.duplicates(),
        result.lies(),
        result.suspicious(),
        result.byResult(),
        result.blows());
    return result.good() ? 0 : 1;
  }
}
