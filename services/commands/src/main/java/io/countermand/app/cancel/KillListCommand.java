package io.countermand.app.cancel;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.config.Settings;
import io.countermand.kafka.client.SwitchReader;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kill list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the kill switches that are on: id, scope, since when, who and why.",
      "Exit code 1: a record cannot be read, so one may be on that is not shown."
    })
final class KillListCommand implements Callable<Integer> {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--released", description = "Those that were released, too.")
  private boolean released;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    SwitchReader.Found found = SwitchReader.read(Settings.brief(option.load()));
    if (json.on()) {
      found.switches().stream()
          .filter(one -> released || one.on())
          .forEach(one -> JsonOption.print(out, MassJson.of(one)));
      KillText.caveats(found).forEach(spec.commandLine().getErr()::println);
    } else {
      KillText.lines(found, released).forEach(out::println);
    }
    out.flush();
    return found.unreadable().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
