package io.countermand.app.role;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Settings;
import io.countermand.desk.pause.PauseTopic;
import io.countermand.desk.pause.SharedPauses;
import io.countermand.kafka.KafkaConnection;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
import io.countermand.venues.limits.Limits;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code feed --venue NAME}. */
@Command(
    name = "feed",
    mixinStandardHelpOptions = true,
    description =
        "Publishes a venue's orders to order-events: from its own stream, or by asking for its list"
            + " of orders again and again, within 1.5%% of its rate (venues that have one: see"
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
      var limits = new Limits(Clock.systemUTC());
      KafkaConnection connection = Settings.connection(config);
      String by = "feed-" + config.instance();
      var topic = parts.add(new PauseTopic(connection, by));
      var serdes = parts.add(connection.serdes());
      // Before the first call: what the venue said to desks holds for its feed, too.
      SharedPauses _ =
          parts.add(
              SharedPauses.start(
                  connection,
                  by,
                  Map.of(
                      venue,
                      Settings.venueSettings(config, venue, limits, Clock.systemUTC()).governor()),
                  topic,
                  serdes));
      VenueFeed feed = parts.add(VenueFeed.start(config, venue, limits));
      ops.add(part, Ops.of(feed));
      return RoleCommands.await(parts, "feed " + venue, () -> false);
    }
  }
}
