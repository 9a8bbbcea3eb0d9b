package io.countermand.app.cancel;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.config.Settings;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.kafka.SwitchReader;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kill list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Shows the kill switches that are on: id, scope, since when, who and why.")
final class KillListCommand implements Callable<Integer> {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--released", description = "Those that were released, too.")
  private boolean released;

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<KillSwitch> shown =
        SwitchReader.read(Settings.connection(option.load())).stream()
            .filter(one -> released || one.on())
            .toList();
    shown.forEach(one -> out.println(one.words()));
    if (shown.isEmpty()) {
      out.println("no kill switch is on");
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}
