package io.countermand.app.cancel;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.ExitCodes;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.config.Settings;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.kafka.client.MassCancels;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kill release}. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description = {
      "Takes a kill switch off: orders that open from now on are left alone. What it has begun to"
          + " cancel goes on."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      " 0:it is off",
      " 1:not known to be asked for: Kafka or the registry is away; ask again",
      " 2:wrong call or configuration, or no such switch was ever on; nothing was done",
      " 6:asked for, and nobody answered in time (is a ledger running?); ask again"
    })
final class KillReleaseCommand implements Callable<Integer> {

  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);

  private final Duration longest;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(paramLabel = "ID", description = "As `kill list` shows it.")
  private String massId = "";

  @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; is kept.")
  private String reason = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who asks; left out: the user of this machine.")
  private String by = System.getProperty("user.name", "unknown");

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  KillReleaseCommand() {
    this(ANSWERED_WITHIN);
  }

  /**
   * @param longest how long an answer is waited for
   */
  KillReleaseCommand(Duration longest) {
    this.longest = longest;
  }

  @Override
  public Integer call() throws InterruptedException {
    var asked = MassCancel.release(UUID.randomUUID().toString(), massId, by, reason, Instant.now());
    try (var masses = new MassCancels(Settings.brief(option.load()))) {
      masses.ask(asked);
      int code =
          KillCommand.asked(
              spec.commandLine(), "the release of " + massId, () -> followed(masses, asked));
      if (json.on() && code == ExitCodes.NO_REPORT) {
        JsonOption.print(spec.commandLine().getOut(), MassJson.pending(asked));
      }
      return code;
    }
  }

  private int followed(MassCancels masses, MassCancel asked) {
    PrintWriter out = spec.commandLine().getOut();
    MassReport answer = KillCommand.follow(masses, asked, longest, null);
    if (answer == null) {
      spec.commandLine()
          .getErr()
          .println("no answer came: NOT KNOWN whether it is released; is a ledger running?");
      return ExitCodes.NO_REPORT;
    }
    if (json.on()) {
      JsonOption.print(out, MassJson.of(answer));
    } else {
      out.println(answer.text());
    }
    out.flush();
    return answer.state() == MassReport.State.REFUSED
        ? CommandLine.ExitCode.USAGE
        : CommandLine.ExitCode.OK;
  }
}
