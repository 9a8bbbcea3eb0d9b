package io.countermand.app.role;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Settings;
import io.countermand.app.tracing.Tracing;
import io.countermand.ledger.Ledger;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ledger}. */
@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    description = "Runs a ledger: owns each cancel from intent to its one outcome.")
public final class LedgerCommand implements Callable<Integer> {

  private static final RoleInstance PART = RoleInstance.of("ledger");

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() throws InterruptedException {
    var config = option.load();
    try (var parts = new Shutdown()) {
      OpsPort ops = parts.add(Ops.open(config, PART));
      Tracing tracing = parts.add(Tracing.open(config, ops.meters()));
      Ledger ledger =
          parts.add(Ledger.start(Settings.ledger(config).told(tracing.hops()), ops.meters()));
      ops.add(PART, Ops.of(ledger));
      return RoleCommands.await(parts, "ledger", ledger.role()::failed);
    }
  }
}
