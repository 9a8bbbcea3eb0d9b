package io.countermand.app.role;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Settings;
import io.countermand.app.tracing.Tracing;
import io.countermand.desk.Desk;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
import io.countermand.venues.limits.Limits;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code desk}. */
@Command(
    name = "desk",
    mixinStandardHelpOptions = true,
    description =
        "Runs a desk: keeps the order-state table, decides intents, refuses those on terminal"
            + " orders, and calls the venues.")
public final class DeskCommand implements Callable<Integer> {

  private static final RoleInstance PART = RoleInstance.of("desk");

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--venues",
      split = ",",
      paramLabel = "NAME",
      description =
          "Serves only these venue instances, in a consumer group of their own, with only their"
              + " credentials. Default: all that are configured.")
  private Set<String> venues = Set.of();

  @Override
  public Integer call() throws InterruptedException {
    var config = option.load(venue -> venues.isEmpty() || venues.contains(venue));
    try (var parts = new Shutdown()) {
      OpsPort ops = parts.add(Ops.open(config, PART));
      Tracing tracing = parts.add(Tracing.open(config, ops.meters()));
      Desk desk =
          parts.add(
              Desk.start(
                  Settings.desk(config, venues, new Limits(Clock.systemUTC()), Clock.systemUTC())
                      .told(tracing.hops()),
                  ops.meters()));
      ops.add(PART, Ops.of(desk));
      return RoleCommands.await(parts, "desk", desk::failed);
    }
  }
}
