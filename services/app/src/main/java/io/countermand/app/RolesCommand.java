package io.countermand.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code roles}. */
@Command(
    name = "roles",
    mixinStandardHelpOptions = true,
    description = "Runs ledger, desk and feeds of all configured venues in this one process.")
final class RolesCommand implements Callable<Integer> {

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() throws InterruptedException {
    var config = option.load(venue -> true);
    try (var parts = new Shutdown()) {
      Roles roles = parts.add(new Roles(config, parts.add(Ops.open(config))));
      roles.startAll();
      parts.await();
      return 0;
    }
  }
}
