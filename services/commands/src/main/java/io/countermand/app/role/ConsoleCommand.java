package io.countermand.app.role;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Settings;
import io.countermand.console.Console;
import io.countermand.observe.Health;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code console}. */
@Command(
    name = "console",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a console: pages that show what goes on, what became of each cancel and why, for a"
          + " browser on this machine.",
      "Who signs in stands in the file of console.users; make a line with `countermand console"
          + " user-add`. It reads topics, and writes only with console.actions."
    },
    subcommands = ConsoleUserAddCommand.class)
public final class ConsoleCommand implements Callable<Integer> {

  private static final RoleInstance PART = RoleInstance.of("console");

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() throws InterruptedException {
    var config = option.load();
    try (var parts = new Shutdown()) {
      OpsPort ops = parts.add(Ops.open(config, PART));
      Console console =
          parts.add(Console.open(Settings.console(config), ConsoleActions.of(config)));
      ops.add(PART, Health.of(() -> false, console::missing));
      System.out.println("console  " + console.address());
      return RoleCommands.await(parts, "console", () -> false);
    }
  }
}
