package io.countermand.app;

import io.countermand.app.config.Settings;
import io.countermand.gate.Gate;
import io.countermand.observe.OpsPort;
import io.countermand.observe.Part;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gate}. */
@Command(
    name = "gate",
    mixinStandardHelpOptions = true,
    description =
        "Runs a gate: keeps the order-state table, routes intents, refuses those on terminal"
            + " orders.")
final class GateCommand implements Callable<Integer> {

  private static final Part PART = Part.of("gate");

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() throws InterruptedException {
    var config = option.load();
    try (var parts = new Shutdown()) {
      OpsPort ops = parts.add(Ops.open(config, PART));
      Gate gate = parts.add(Gate.start(Settings.gate(config), ops.meters()));
      ops.add(PART, Ops.of(gate));
      return RoleCommands.await(parts, gate.role()::failed);
    }
  }
}
