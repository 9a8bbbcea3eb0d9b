package io.countermand.app;

import io.countermand.app.admin.AclsCommand;
import io.countermand.app.admin.CompletionCommand;
import io.countermand.app.admin.ConfigCommand;
import io.countermand.app.admin.DoctorCommand;
import io.countermand.app.admin.HandOverCommand;
import io.countermand.app.admin.SchemasCommand;
import io.countermand.app.admin.StartAnewCommand;
import io.countermand.app.admin.TopicsCommand;
import io.countermand.app.admin.VenuesCommand;
import io.countermand.app.audit.ArchiveCommand;
import io.countermand.app.audit.AuditCommand;
import io.countermand.app.audit.ReplayCommand;
import io.countermand.app.audit.StoryCommand;
import io.countermand.app.cancel.CancelCommand;
import io.countermand.app.cancel.HeartbeatCommand;
import io.countermand.app.cancel.KillCommand;
import io.countermand.app.cli.Failures;
import io.countermand.app.cli.SourceVersion;
import io.countermand.app.cli.UsageErrors;
import io.countermand.app.config.ConfigException;
import io.countermand.app.local.UpCommand;
import io.countermand.app.lookup.DeadLettersCommand;
import io.countermand.app.lookup.OrderCommand;
import io.countermand.app.lookup.WatchCommand;
import io.countermand.app.role.ConsoleCommand;
import io.countermand.app.role.DeskCommand;
import io.countermand.app.role.DoorCommand;
import io.countermand.app.role.FeedCommand;
import io.countermand.app.role.LedgerCommand;
import io.countermand.app.role.RolesCommand;
import io.countermand.app.trial.AuditBenchCommand;
import io.countermand.app.trial.ChaosCommand;
import io.countermand.app.trial.DemoCommand;
import io.countermand.app.trial.DrillCommand;
import io.countermand.app.trial.FlowCommand;
import io.countermand.app.trial.HistoriesCommand;
import io.countermand.app.trial.SimulateCommand;
import io.countermand.platform.Parent;
import io.countermand.platform.PlatformException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code countermand} command. Exit code 0 only on success, 2 for a wrong call or config. */
@Command(
    name = "countermand",
    mixinStandardHelpOptions = true,
    version = SourceVersion.VERSION,
    description = "Cancels trade orders through Kafka: one truthful outcome per cancel intent.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      ChaosCommand.class,
      DrillCommand.class,
      FlowCommand.class,
      DeskCommand.class,
      FeedCommand.class,
      LedgerCommand.class,
      DoorCommand.class,
      ConsoleCommand.class,
      RolesCommand.class,
      SimulateCommand.class,
      TopicsCommand.class,
      SchemasCommand.class,
      AclsCommand.class,
      CancelCommand.class,
      KillCommand.class,
      HeartbeatCommand.class,
      WatchCommand.class,
      OrderCommand.class,
      DeadLettersCommand.class,
      AuditCommand.class,
      StoryCommand.class,
      ReplayCommand.class,
      ArchiveCommand.class,
      AuditBenchCommand.class,
      VenuesCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      StartAnewCommand.class,
      HandOverCommand.class,
      HistoriesCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Countermand implements Runnable {

  /** System property: whether this process must not outlive the one that started it. */
  private static final String CHILD = "countermand.child";

  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    if (Boolean.getBoolean(CHILD)) {
      Parent.dieWithParent();
    }
    int code = CommandLine.ExitCode.SOFTWARE;
    try {
      code = commandLine().execute(args);
    } finally {
      System.exit(code); // also on an Error: threads of a half-started role must not keep us alive
    }
  }

  public static CommandLine commandLine() {
    return new CommandLine(new Countermand())
        .addSubcommand("bench", bench())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(UsageErrors::tell)
        .setExecutionExceptionHandler(Countermand::failed);
  }

  /** By its name: the launcher's first build leaves the benchmarks out. */
  private static Object bench() {
    try {
      return Class.forName("io.countermand.app.BenchCommand")
          .getDeclaredConstructor()
          .newInstance();
    } catch (ClassNotFoundException e) {
      return new NoBench();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("bench cannot be made", e);
    }
  }

  /** Stands in the list of commands for {@code bench}, which the launcher builds when asked. */
  @Command(
      description =
          "Sends the same intents through Countermand and through what one would write instead, in"
              + " turn. Built when it is first asked for.")
  private static final class NoBench implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException(
          "the benchmarks are not in this build; in a checkout, ./countermand bench builds them");
    }
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
  }

  /** One clear line for what a person can mend; the log has the rest. */
  private static int failed(Exception error, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    LoggerFactory.getLogger(Countermand.class).debug("command failed", error);
    switch (error) {
      case ConfigException config -> {
        err.println("countermand: the configuration has problems; nothing was started:");
        config.problems().forEach(problem -> err.println("  " + problem));
        return CommandLine.ExitCode.USAGE;
      }
      case PlatformException _, IllegalStateException _, IllegalArgumentException _ -> {
        err.println("countermand: " + error.getMessage());
        if (Failures.text(error) != null) {
          err.println(Failures.where(parsed));
        }
      }
      default -> {
        String known = Failures.text(error);
        if (known != null) {
          err.println("countermand: " + known);
          err.println(Failures.where(parsed));
          return CommandLine.ExitCode.SOFTWARE;
        }
        err.println("countermand: " + error);
        LoggerFactory.getLogger(Countermand.class).error("unexpected failure", error);
      }
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
