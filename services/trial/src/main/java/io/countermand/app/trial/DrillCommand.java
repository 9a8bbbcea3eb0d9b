package io.countermand.app.trial;

import io.countermand.app.cancel.ScopeOptions;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.cli.Terminal;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.drill.Drill;
import io.countermand.app.drill.DrillBooks;
import io.countermand.app.drill.DrillOrders;
import io.countermand.app.drill.DrillPlan;
import io.countermand.app.drill.DrillReport;
import io.countermand.app.drill.DrillStack;
import io.countermand.app.drill.FaultPlan;
import io.countermand.app.drill.ReportFile;
import io.countermand.app.local.UpCommand;
import io.countermand.domain.mass.MassScope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code drill}. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Tries a mass cancel, for the compliance file: starts a pipeline and simulated venues of its"
          + " own on this machine, opens orders, cancels all of them at once while things go wrong,"
          + " and holds the report, the outcomes and the venues' own journal against each other."
          + " Touches no real venue and no other cluster.",
      "With options of a scope only those orders are cancelled, and the others must stay open. The"
          + " orders have "
          + DrillOrders.VALUES
          + ".",
      "Faults: " + FaultPlan.HELP + "."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:all in scope is over at the venues, and the three books agree",
      " 1:the drill could not be run to its end",
      " 2:wrong call; nothing was started",
      " 3:as 0, but a part of the scope was not looked at; the report says which",
      " 4:all in scope is over, but the books differ, an order outside the scope was touched, or one"
          + " was cancelled twice without cause; the report names them",
      " 5:orders in scope are open, or may be; the report names them",
      " 6:no last report came in time"
    })
public final class DrillCommand implements Callable<Integer> {

  private static final int MOST_ORDERS = 100_000;
  private static final int MOST_NEW = 5_000;
  private static final Duration LEAST_TIME = Duration.ofSeconds(1);
  private static final Duration MOST_TIME = Duration.ofHours(12);

  /** How fast the simulated venues may be called. */
  enum Rates {
    DEFAULT,
    LIFTED
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "300",
      description =
          "Orders that are open when the mass cancel is asked for. Default: ${DEFAULT-VALUE}.")
  private int orders;

  @Option(
      names = "--venues",
      split = ",",
      paramLabel = "ADAPTER",
      description = "Venues to simulate. Default: all that there are.")
  private List<String> venues = List.of();

  @Mixin private ScopeOptions scope = new ScopeOptions();

  @Option(
      names = "--rates",
      paramLabel = "RATES",
      defaultValue = "default",
      description =
          "default: each venue is called no faster than its adapter does by itself, as in"
              + " production. lifted: as fast as it goes. Default: ${DEFAULT-VALUE}.")
  private Rates rates = Rates.DEFAULT;

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "FAULT",
      description = "What goes wrong, see above. Default: none.")
  private List<String> faults = List.of();

  @Option(
      names = "--new-orders",
      paramLabel = "PER_S",
      defaultValue = "0",
      description = "Orders that open meanwhile, until the scope is frozen. Default: none.")
  private double newOrders;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "The same seed makes the same orders and draws the same faults; which call one meets also"
              + " depends on how calls overtake each other. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--within",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description = "No call to a venue starts later: 1s or more. Default: ${DEFAULT-VALUE}.")
  private String within = "5m";

  @Option(
      names = "--latency",
      paramLabel = "L",
      defaultValue = "5ms~0.3",
      description = "Latency of the simulated venues. Default: ${DEFAULT-VALUE} (lognormal).")
  private String latency = "5ms~0.3";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who holds the drill; left out: the user of this machine.")
  private String by = System.getProperty("user.name", "unknown");

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "drill",
      description = "Why; is kept. Default: ${DEFAULT-VALUE}.")
  private String reason = "drill";

  @Option(
      names = "--report",
      split = ",",
      paramLabel = "FILE",
      description =
          "Write the report there; the name ends with .html, .md or .json. Several: by comma, or"
              + " given again. Default: report.html and report.json in --data.")
  private List<Path> files = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/drill",
      description = "Where it runs; emptied first. Default: ${DEFAULT-VALUE}.")
  private Path data = Path.of("data/drill");

  @Option(names = "--cold", description = "Start at once: times then show the JVM's first seconds.")
  private boolean cold;

  @Mixin private JsonOption json = new JsonOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    DrillPlan plan = plan();
    Path directory = DemoData.fresh(data.toAbsolutePath().normalize());
    var terminal = new Terminal(json.on() ? System.err : System.out);
    DrillBooks books;
    DrillReport report;
    try (var stack = DrillStack.start(plan, directory, latency, terminal::line)) {
      books = Drill.run(plan, stack, terminal::line, terminal::progress);
      report = books.compare();
    }
    terminal.end();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter words = json.words(out, spec.commandLine().getErr());
    ReportFile.lines(report).forEach(words::println);
    words.println();
    for (Path file : written(directory)) {
      ReportFile.write(report, file);
      words.println("report     " + file);
    }
    words.flush();
    if (json.on()) {
      out.println(report.line());
      out.flush();
    }
    return report.exitCode();
  }

  private List<Path> written(Path directory) {
    return files.isEmpty()
        ? List.of(directory.resolve("report.html"), directory.resolve("report.json"))
        : files;
  }

  private DrillPlan plan() {
    require(
        orders >= 1 && orders <= MOST_ORDERS,
        "--orders takes 1 to %,d, not %,d".formatted(MOST_ORDERS, orders));
    require(
        newOrders >= 0 && newOrders <= MOST_NEW,
        "--new-orders takes 0 to %,d a second".formatted(MOST_NEW));
    require(!reason.isBlank(), "--reason: say why");
    for (Path file : files) {
      require(
          ReportFile.can(file),
          "--report: the name ends with "
              + String.join(", ", ReportFile.ENDS)
              + "; not '"
              + file
              + "'");
    }
    Duration longest =
        TimeArguments.duration(spec.commandLine(), "--within", within, LEAST_TIME, MOST_TIME);
    Map<String, String> instances = told(() -> UpCommand.venues(venues));
    FaultPlan plan = told(() -> FaultPlan.parse(faults, instances.keySet()));
    MassScope meant = scope();
    Set<String> foreign = DrillStack.foreign(System.getenv());
    require(
        foreign.isEmpty() || plan.kills().isEmpty(),
        "unset "
            + String.join(", ", foreign)
            + ": a process that is killed and started again would obey it, and a drill joins nothing");
    var drill =
        new DrillPlan(
            orders,
            instances,
            meant,
            rates == Rates.LIFTED,
            plan,
            seed,
            newOrders,
            longest,
            by,
            reason,
            !cold);
    require(
        drill.meant() > 0,
        "no order of this drill is of " + meant.words() + ": they have " + DrillOrders.VALUES);
    return drill;
  }

  private MassScope scope() {
    MassScope asked = scope.scope();
    if (asked.equals(MassScope.of(null, null))) {
      return MassScope.ALL; // all of them are the drill's own
    }
    List<String> problems = new ArrayList<>(asked.problems());
    require(problems.isEmpty(), String.join("; ", problems));
    return asked;
  }

  private <T> T told(Callable<T> part) {
    try {
      return part.call();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
