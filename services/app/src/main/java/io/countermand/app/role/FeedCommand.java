package io.countermand.app.role;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
import io.countermand.venues.limits.Limits;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code feed --venue NAME}. */
@Command(
    name = "feed",
    mixinStandardHelpOptions = true,
    description =
        "Publishes a venue's own stream of order events to order-events (venues that have one: see"
            + " `countermand venues`).")
public final class FeedCommand implements Callable<Integer> {

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--venue",
      required = true,
      paramLabel = "NAME",
      description = "The venue instance, as named in the configuration.")
  private String venue = "";

  @Override
  public Integer call() throws InterruptedException {
    var config = option.load(venue::equals);
    try (var parts = new Shutdown()) {
      var part = new RoleInstance("feed", venue);
      OpsPort ops = parts.add(Ops.open(config, part));
      VenueFeed feed = parts.add(VenueFeed.start(config, venue, new Limits(Clock.systemUTC())));
      ops.add(part, Ops.of(feed));
      return RoleCommands.await(parts, "feed " + venue, () -> false);
    }
  }
}
