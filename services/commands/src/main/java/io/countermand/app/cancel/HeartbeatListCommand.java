package io.countermand.app.cancel;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Settings;
import io.countermand.kafka.client.DeadManReader;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heartbeat list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the dead-man's switches that are armed: id, scope, last heartbeat, whose, and when"
          + " silence fires them; and what cannot be known.",
      "Exit code 1: a record cannot be read, so one may be armed that is not shown, or shown that is"
          + " not armed."
    })
final class HeartbeatListCommand implements Callable<Integer> {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--all", description = "Those that have fired or were taken off, too.")
  private boolean all;

  @Option(
      names = "--back",
      paramLabel = "DURATION",
      description =
          "How far back it reads; a switch that was heard last before that is not shown. Left out:"
              + " 25h, an hour more than the longest time-out.")
  private String back = "25h";

  @Option(names = "--json", description = "A JSON object a line; what else is said goes to stderr.")
  private boolean json;

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Duration far =
        TimeArguments.duration(spec.commandLine(), "--back", back, Duration.ofMillis(1), null);
    Instant from = Instant.now().minus(far);
    DeadManReader.Found found = DeadManReader.read(Settings.brief(option.load()), from);
    Instant now = Instant.now();
    if (json) {
      HeartbeatText.json(found, all).forEach(out::println);
    } else {
      HeartbeatText.lines(found, all, now).forEach(out::println);
    }
    out.flush();
    HeartbeatText.caveats(found, now).forEach((json ? err : out)::println);
    out.flush();
    err.flush();
    return found.unreadable().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
