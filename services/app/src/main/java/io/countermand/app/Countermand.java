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
import io.countermand.app.cancel.CancelCommand;
import io.countermand.app.cancel.HeartbeatCommand;
import io.countermand.app.cancel.KillCommand;
import io.countermand.app.cli.Failures;
import io.countermand.app.cli.SourceVersion;
import io.countermand.app.cli.UsageErrors;
import io.countermand.app.config.ConfigException;
import io.countermand.app.lookup.DeadLettersCommand;
import io.countermand.app.lookup.OrderCommand;
import io.countermand.app.lookup.WatchCommand;
import io.countermand.app.role.ConsoleCommand;
import io.countermand.app.role.DeskCommand;
import io.countermand.app.role.DoorCommand;
import io.countermand.app.role.FeedCommand;
import io.countermand.app.role.LedgerCommand;
import io.countermand.app.role.RolesCommand;
import io.countermand.platform.Parent;
import io.countermand.platform.PlatformException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The {@code countermand} command. Exit code 0 only on success, 2 for a wrong call or config. What
 * is listed here runs the pipeline or joins it; {@link Tools} has the rest.
 */
@Command(
    name = "countermand",
    mixinStandardHelpOptions = true,
    version = SourceVersion.VERSION,
    description = "Cancels trade orders through Kafka: one truthful outcome per cancel intent.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DeskCommand.class,
      FeedCommand.class,
      LedgerCommand.class,
      DoorCommand.class,
      ConsoleCommand.class,
      RolesCommand.class,
      TopicsCommand.class,
      SchemasCommand.class,
      AclsCommand.class,
      CancelCommand.class,
      KillCommand.class,
      HeartbeatCommand.class,
      WatchCommand.class,
      OrderCommand.class,
      DeadLettersCommand.class,
      VenuesCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      StartAnewCommand.class,
      HandOverCommand.class,
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
    CommandLine command = new CommandLine(new Countermand());
    Tools.addTo(command);
    return command
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(UsageErrors::tell)
        .setExecutionExceptionHandler(Countermand::failed);
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
