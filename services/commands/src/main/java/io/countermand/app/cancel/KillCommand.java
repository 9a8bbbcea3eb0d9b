package io.countermand.app.cancel;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.ExitCodes;
import io.countermand.app.cli.Failures;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.cli.Terminal;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Settings;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.kafka.client.MassCancels;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kill}. */
@Command(
    name = "kill",
    mixinStandardHelpOptions = true,
    subcommands = {KillListCommand.class, KillReleaseCommand.class},
    description = {
      "Cancels all open orders of a scope: counts them, asks for a confirmation, cancels each, and"
          + " follows until each has its outcome."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:nothing in scope is left open or unknown, and all of it was looked at; with --dry-run: all"
          + " of it was counted",
      " 1:not known to be asked for: Kafka or the registry is away; ask again with the same --mass-id",
      " 2:wrong call or configuration, refused, or not confirmed; nothing was done",
      " 3:nothing is known to be open, but a part of the scope was not looked at; the report says"
          + " which; with --dry-run: not all was counted; orders may be open",
      " 5:orders in scope are open, or may be",
      " 6:asked for, and no last report came in time (is a ledger running?); ask again with the same"
          + " --mass-id"
    })
public final class KillCommand implements Callable<Integer> {

  /** A desk that runs tells its scope within a second. */
  private static final Duration COUNTED_WITHIN = Duration.ofSeconds(15);

  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final Duration margin;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private ScopeOptions options = new ScopeOptions();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; is kept. Must be said.")
  private String reason = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who asks; left out: the user of this machine.")
  private String by = System.getProperty("user.name", "unknown");

  @Option(
      names = "--mass-id",
      paramLabel = "ID",
      description = "The same again is the same mass cancel, so a lost terminal can ask again.")
  private @Nullable String massId;

  @Option(
      names = "--within",
      paramLabel = "DURATION",
      description = "No call to a venue starts later: 1s or more, like 90s or 5m. Left out: 5m.")
  private String within = "5m";

  @Option(names = "--dry-run", description = "Only counts.")
  private boolean dryRun;

  @Option(
      names = "--keep",
      description =
          "Stays on: each order in scope that opens later is cancelled, too, until `kill release"
              + " ID`. The exit code tells of the orders that are open now.")
  private boolean keep;

  @Option(names = "--yes", description = "Asks for no confirmation.")
  private boolean yes;

  @Option(
      names = "--including-position-close",
      description = "Also at venues whose cancel closes the position (NeuraTrade).")
  private boolean includingPositionClose;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  public KillCommand() {
    this(MARGIN);
  }

  /**
   * @param margin how long after its deadline its last report is waited for
   */
  KillCommand(Duration margin) {
    this.margin = margin;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter words = json.words(out, spec.commandLine().getErr());
    if (reason.isBlank()) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--reason: say why");
    }
    if (keep && dryRun) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--keep: a dry run only counts, it does not stay on");
    }
    Duration longest =
        TimeArguments.duration(spec.commandLine(), "--within", within, Duration.ofSeconds(1), null);
    MassScope scope = options.scope();
    List<String> problems = scope.problems();
    if (!problems.isEmpty()) {
      throw new CommandLine.ParameterException(spec.commandLine(), String.join("; ", problems));
    }
    try (var masses = new MassCancels(Settings.brief(option.load()))) {
      if (dryRun || !yes) {
        MassCancel count = mass(scope, UUID.randomUUID().toString(), COUNTED_WITHIN, true);
        masses.ask(count);
        MassReport counted = follow(masses, count, COUNTED_WITHIN, null);
        if (counted == null) {
          spec.commandLine().getErr().println("no report came; is a ledger running?");
        } else if (json.on() && (dryRun || counted.state() == MassReport.State.REFUSED)) {
          JsonOption.print(out, MassJson.of(counted));
        } else {
          KillText.lines(counted).forEach(words::println);
        }
        words.flush();
        if (counted != null && counted.state() == MassReport.State.REFUSED) {
          return CommandLine.ExitCode.USAGE;
        }
        if (dryRun) {
          if (counted == null && json.on()) {
            JsonOption.print(out, MassJson.pending(count));
          }
          return counted == null ? ExitCodes.NO_REPORT : ExitCodes.of(counted);
        }
        if (!confirmed(scope, counted)) {
          spec.commandLine().getErr().println("not confirmed: nothing was cancelled");
          return CommandLine.ExitCode.USAGE;
        }
      }
      String id = massId == null ? UUID.randomUUID().toString() : massId;
      MassCancel mass = mass(scope, id, longest, false);
      words.println((keep ? "kill switch " : "mass cancel ") + mass.massId());
      words.flush();
      masses.ask(mass);
      int code =
          asked(
              spec.commandLine(),
              "mass cancel " + id,
              () -> followed(masses, mass, longest.plus(margin)));
      if (json.on() && code == ExitCodes.NO_REPORT) {
        JsonOption.print(out, MassJson.pending(mass));
      }
      return code;
    }
  }

  private int followed(MassCancels masses, MassCancel mass, Duration longest) {
    PrintWriter out = spec.commandLine().getOut();
    var terminal = new Terminal(json.on() ? System.err : System.out);
    MassReport last = follow(masses, mass, longest, terminal);
    terminal.end();
    if (last == null) {
      spec.commandLine()
          .getErr()
          .println("no last report came in time: NOT KNOWN whether all is cancelled");
      return ExitCodes.NO_REPORT;
    }
    if (!last.mass().asksTheSame(mass)) {
      spec.commandLine()
          .getErr()
          .println(
              "the id '"
                  + mass.massId()
                  + "' was used before with another scope, reason or asker: NOTHING was done"
                  + " for this one. Ask again with another --mass-id, or without");
      return CommandLine.ExitCode.USAGE;
    }
    if (json.on()) {
      JsonOption.print(out, MassJson.of(last));
    } else {
      KillText.lines(last).forEach(out::println);
    }
    out.flush();
    return ExitCodes.of(last);
  }

  /** It is durable: what goes wrong from here on does not make it "not known to be asked for". */
  static int asked(CommandLine command, String what, IntSupplier follow) {
    try {
      return follow.getAsInt();
    } catch (RuntimeException e) {
      String text = Failures.text(e);
      command
          .getErr()
          .println(
              what
                  + " is asked for, and NOT KNOWN is how it ends: "
                  + (text == null ? e.toString() : text));
      return ExitCodes.NO_REPORT;
    }
  }

  private MassCancel mass(MassScope scope, String id, Duration time, boolean dry) {
    Instant now = Instant.now();
    return new MassCancel(
        id,
        scope,
        by,
        reason,
        now.plus(time),
        dry,
        includingPositionClose,
        now,
        keep && !dry,
        null);
  }

  /**
   * The last report, or any of another one that has its id; null: none came in time, but perhaps
   * one that is not the last.
   */
  static @Nullable MassReport follow(
      MassCancels masses, MassCancel mass, Duration longest, @Nullable Terminal terminal) {
    Instant end = Instant.now().plus(longest);
    MassReport last = null;
    while (Instant.now().isBefore(end)) {
      for (MassReport report : masses.poll(Duration.ofMillis(100))) {
        if (report.mass().massId().equals(mass.massId())) {
          last = report;
          if (report.last() || !report.mass().asksTheSame(mass)) {
            return report;
          }
          if (terminal != null) {
            terminal.progress(report.text());
          }
        }
      }
    }
    return mass.dryRun() ? last : null;
  }

  /** The number is typed, not a yes: nobody types that without having read it. */
  private static boolean confirmed(MassScope scope, @Nullable MassReport counted) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return false;
    }
    String word = counted == null ? "kill" : "kill " + counted.total();
    String typed = console.readLine("%s. Type '%s' to go on: ", scope.words(), word);
    return typed != null && typed.strip().equals(word);
  }
}
