package io.countermand.app.trial;

import io.countermand.app.cli.OutcomeText;
import io.countermand.app.cli.Terminal;
import io.countermand.app.config.Settings;
import io.countermand.app.demo.Demo;
import io.countermand.app.demo.DemoReport;
import io.countermand.app.local.LocalConsole;
import io.countermand.app.local.LocalStack;
import io.countermand.app.local.UpCommand;
import io.countermand.audit.story.BriefStory;
import io.countermand.kafka.client.OutcomeReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Everything in one go: starts the pipeline on this machine, lets orders and cancels flow,"
            + " and counts the outcomes. Exit code 1 if one is missing or doubled.")
public final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--intents",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Intents to publish. Default: ${DEFAULT-VALUE}.")
  private int intents;

  @Option(
      names = "--rate",
      paramLabel = "PER_S",
      defaultValue = "50",
      description = "Intents per second. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed makes the same flow. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--market",
      paramLabel = "FILE",
      description = "Replay a LOBSTER message file instead of a generated flow.")
  private @Nullable Path market;

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "1",
      description = "Pace of --market; 1 is as recorded. Default: ${DEFAULT-VALUE}.")
  private double speed;

  @Option(
      names = "--report",
      paramLabel = "FILE.json",
      description = "Write what was counted and measured.")
  private @Nullable Path report;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/demo",
      description = "Where it runs; emptied first. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("data/demo");

  @Option(
      names = "--cold",
      description = "Start at once: latencies then show the JVM's first seconds.")
  private boolean cold;

  @Option(
      names = "--stay",
      description = "Keep running afterwards until Ctrl-C, to look around in the console.")
  private boolean stay;

  @Option(
      names = "--venues",
      split = ",",
      paramLabel = "ADAPTER",
      description = "Venues to simulate. Default: all that there are.")
  private List<String> venues = List.of();

  @Option(
      names = "--latency",
      paramLabel = "L",
      defaultValue = "5ms~0.3",
      description = "Latency of the simulated venues. Default: ${DEFAULT-VALUE} (lognormal).")
  private String latency = "5ms~0.3";

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (intents < 1 || rate <= 0 || speed <= 0) {
      throw new IllegalArgumentException("--intents, --rate and --speed must be positive");
    }
    var terminal = new Terminal(System.out);
    Map<String, String> instances = UpCommand.venues(venues);
    var flow =
        market == null
            ? Demo.generated(intents, rate, seed, instances)
            : Demo.market(market, speed, instances);
    Path directory = DemoData.fresh(data.toAbsolutePath().normalize());
    DemoReport result;
    List<String> stories;
    try (var stack =
            LocalStack.start(
                new LocalStack.Options(directory, 0, 0, instances, latency, true, System.getenv()),
                terminal::line);
        var console = LocalConsole.open(stack)) {
      terminal.line(
          "console, in a browser: "
              + console.address()
              + (stay ? "" : " (only until the demo ends; --stay keeps it open)"));
      Consumer<OutcomeReader.Read> first =
          read -> terminal.line("first outcome: " + OutcomeText.line(read));
      if (!cold) {
        terminal.line("warming up with cancels that are not counted (--cold leaves that out)");
        DemoReport warmUp =
            run(
                Demo.warmUp(instances),
                stack,
                new Demo.Screen(first, text -> {}, picture -> {}, stack::stopping));
        if (!warmUp.good()) {
          return lost(warmUp, stack.stopping(), terminal);
        }
      }
      result =
          run(
              flow,
              stack,
              new Demo.Screen(
                  cold ? first : read -> {}, terminal::line, terminal::picture, stack::stopping));
      stories = stories(result, stack);
      if (stay && !stack.stopping()) {
        tell(result, directory, stories);
        terminal.line("");
        terminal.line("the console stays at " + console.address() + "; Ctrl-C stops it");
        stack.awaitStop();
      }
    }
    if (!stay) {
      tell(result, directory, stories);
    }
    if (report != null) {
      if (report.toAbsolutePath().getParent() != null) {
        Files.createDirectories(report.toAbsolutePath().getParent());
      }
      Files.writeString(report, Demo.json(result));
      System.out.println("report     " + report);
    }
    return result.good() ? 0 : 1;
  }

  private void tell(DemoReport result, Path directory, List<String> stories) {
    print(result, directory, System.out);
    stories.forEach(System.out::println);
    next(result, System.out);
  }

  private static DemoReport run(Demo.Prepared flow, LocalStack stack, Demo.Screen screen)
      throws InterruptedException {
    return Demo.run(
        flow,
        stack.connection(),
        stack.simulator(),
        Settings.answeredWithin(stack.config()),
        screen);
  }

  /** The warm-up shows already that the pipeline does not do what it promises. */
  private static int lost(DemoReport warmUp, boolean stopped, Terminal terminal) {
    if (!stopped) {
      terminal.line(
          "MISSING %d outcomes of %d cancels to warm up, %d doubled: %s"
              .formatted(
                  warmUp.missing(),
                  warmUp.intents(),
                  warmUp.duplicates(),
                  String.join(", ", warmUp.missingIds())));
    }
    return 1;
  }

  /** One cancel of each kind, read from the topics while they can be. */
  private static List<String> stories(DemoReport result, LocalStack stack) {
    if (stack.stopping()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    story("A cancel that was refused early", result.examples().refused(), stack, lines);
    story("A cancel that reached its venue", result.examples().canceled(), stack, lines);
    story("A cancel that nobody could answer", result.examples().unresolved(), stack, lines);
    return lines;
  }

  private static void story(
      String title, @Nullable String cancelId, LocalStack stack, List<String> lines) {
    if (cancelId != null) {
      lines.add("");
      lines.add(title + ", " + cancelId + " (times from the intent; where each record stands):");
      BriefStory.of(stack.connection(), cancelId).forEach(line -> lines.add("  " + line));
    }
  }

  private void next(DemoReport result, PrintStream out) {
    out.println();
    if (result.missing() > 0) {
      out.println("MISSING outcomes of: " + String.join(", ", result.missingIds()));
    }
    if (!stay) {
      out.println("Next: ./countermand demo --stay         the same, and its console stays open");
    }
    out.println(
        (stay ? "Next: " : "      ")
            + "./countermand up                  Kafka, venues, desk and ledger without a flow, for"
            + " your own clients");
    out.println(
        "      ./countermand cancel --help       publish an intent and wait for its outcome");
    out.println("      docs/outcomes.md                  what each result and reason means");
  }

  private static void print(DemoReport result, Path directory, PrintStream out) {
    out.println();
    out.println("Flow: " + result.flow());
    out.printf(
        Locale.ROOT,
        "%,d intents, %,d outcomes: %d missing, %d duplicates%n",
        result.intents(),
        result.outcomes(),
        result.missing(),
        result.duplicates());
    out.printf(
        Locale.ROOT,
        "%,d venue calls; %,d cancels rejected early, without a call; %,d repeats ignored; %,d"
            + " dead letters%n",
        result.venueCalls(),
        result.earlyRejected(),
        result.repeats(),
        result.deadLetters());
    out.println(
        "The flow is hostile on purpose: broken records, unknown venues and orders, deadlines that"
            + " have passed, ids used twice, orders about which the venue breaks off every call.");
    out.println();
    out.println("result      count");
    result.byResult().forEach((key, n) -> out.printf(Locale.ROOT, "%-11s %,d%n", key, n));
    out.println();
    out.println("reason                     count");
    result.byReason().forEach((key, n) -> out.printf(Locale.ROOT, "%-26s %,d%n", key, n));
    out.println();
    out.println("venue                outcomes    calls   intent to venue p50 / p99 ms");
    result
        .byVenue()
        .forEach(
            (name, part) -> {
              DemoReport.Latency to = part.latencyMs().get("intentToVenue");
              out.printf(
                  Locale.ROOT,
                  "%-20s %8d %8d   %s%n",
                  name,
                  part.outcomes(),
                  part.venueCalls(),
                  to == null || to.count() == 0
                      ? "-"
                      : "%.1f / %.1f".formatted(to.p50(), to.p99()));
            });
    out.println();
    out.println("latency (ms)            p50      p90      p99      max");
    result
        .latencyMs()
        .forEach(
            (name, l) ->
                out.printf(
                    Locale.ROOT,
                    "%-18s %8.1f %8.1f %8.1f %8.1f%n",
                    name,
                    l.p50(),
                    l.p90(),
                    l.p99(),
                    l.max()));
    out.println();
    out.println("data       " + directory + " (topics, logs, simulator.jsonl)");
  }
}
