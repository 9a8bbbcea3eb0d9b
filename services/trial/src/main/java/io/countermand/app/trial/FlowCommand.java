package io.countermand.app.trial;

import io.countermand.app.audit.AuditSettings;
import io.countermand.app.chaos.CallGaps;
import io.countermand.app.chaos.FlowReport;
import io.countermand.app.chaos.FlowRun;
import io.countermand.app.chaos.RunReport;
import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.cli.Terminal;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flow}. */
@Command(
    name = "flow",
    mixinStandardHelpOptions = true,
    description =
        "Plays a seeded flow of orders and cancels to a pipeline that runs elsewhere, against"
            + " simulated venues, waits until all outcomes are in, and compares the intents, the"
            + " outcomes and the venues' journal. Exit code 0 only if no outcome is missing,"
            + " doubled or untrue.")
public final class FlowCommand implements Callable<Integer> {

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--simulator",
      required = true,
      paramLabel = "URL",
      description = "Where `countermand simulate` serves, such as http://127.0.0.1:18080.")
  private URI simulator = URI.create("http://127.0.0.1");

  @Option(
      names = "--intents",
      paramLabel = "N",
      defaultValue = "3000",
      description = "Intents to publish. Default: ${DEFAULT-VALUE}.")
  private int intents;

  @Option(
      names = "--rate",
      paramLabel = "PER_S",
      defaultValue = "50",
      description = "Intents per second. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--until",
      paramLabel = "FILE",
      description = "End the flow when this file exists; --intents is then the most.")
  private @Nullable Path until;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "The same seed makes the same flow; ids differ each time. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--report",
      paramLabel = "FILE.json",
      description = "Write what was counted, and the story of whatever went wrong.")
  private @Nullable Path report;

  @Option(
      names = "--audit",
      paramLabel = "DIR",
      description = "Audit all topics afterwards, and write its report there.")
  private @Nullable Path audit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (intents < 1 || rate <= 0) {
      throw new IllegalArgumentException("--intents and --rate must be positive");
    }
    Config config = option.load();
    Map<String, String> venues = new TreeMap<>();
    config.venues().forEach((name, venue) -> venues.put(name, venue.adapter()));
    if (venues.isEmpty()) {
      throw new IllegalArgumentException("the configuration has no venues");
    }
    var terminal = new Terminal(System.out);
    FlowReport result;
    try (var parts = new Shutdown()) {
      result =
          FlowRun.run(
              new FlowRun.Options(
                  intents,
                  rate,
                  until,
                  seed,
                  System.currentTimeMillis(),
                  simulator,
                  venues,
                  AuditSettings.rules(config),
                  audit),
              Settings.connection(config),
              terminal::line,
              terminal::progress,
              parts::asked);
    }
    if (report != null) {
      if (report.toAbsolutePath().getParent() != null) {
        Files.createDirectories(report.toAbsolutePath().getParent());
      }
      Files.writeString(report, result.json());
    }
    print(result.run(), System.out);
    print(result.gaps(), System.out);
    return result.run().good() ? 0 : 1;
  }

  private void print(RunReport run, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%,d intents, %,d outcomes: missing %d, duplicates %d, lies %d%s; late %d (at most %d"
            + " ms)%n%d of %d open orders' cancels CANCELED; %,d calls; %s%n",
        run.intents(),
        run.outcomes(),
        run.missing().size(),
        run.duplicates().size(),
        run.lies().size(),
        audit == null ? "" : run.audit().isEmpty() ? ", the audit agrees" : ", THE AUDIT DIFFERS",
        run.late(),
        run.latestMs(),
        run.openOrdersCanceled(),
        run.openOrders(),
        run.cancelCalls(),
        run.byResult());
    run.audit().forEach(text -> out.println("  AUDIT " + text));
    for (RunReport.Lie lie : run.lies().subList(0, Math.min(3, run.lies().size()))) {
      out.println("  LIE " + lie.cancelId() + " " + lie.claim() + ": " + lie.because());
      lie.story().forEach(text -> out.println("    " + text));
    }
    run.stories().stream()
        .limit(3)
        .forEach(story -> story.forEach(text -> out.println("    " + text)));
  }

  private static void print(CallGaps gaps, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "longest gap between venue calls %d ms%s; by venue %s ms%n"
            + "from published to the venue: p50 %.1f, p99 %.1f, longest %.1f ms%n",
        gaps.longestMs(),
        gaps.longestAt().isEmpty() ? "" : " (from " + gaps.longestAt() + ")",
        gaps.longestMsByVenue(),
        gaps.toVenueP50Ms(),
        gaps.toVenueP99Ms(),
        gaps.toVenueLongestMs());
  }
}
