package io.countermand.app;

import io.countermand.app.config.Settings;
import io.countermand.observe.OpsPort;
import io.countermand.observe.Part;
import io.countermand.venues.limits.Limits;
import io.countermand.worker.Worker;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code worker --venue NAME}. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = "Runs a worker: calls one venue instance for its share of the requests.")
final class WorkerCommand implements Callable<Integer> {

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
      var part = new Part("worker", venue);
      OpsPort ops = parts.add(Ops.open(config, part));
      Worker worker =
          parts.add(
              Worker.start(
                  Settings.worker(config, venue, new Limits(Clock.systemUTC()), Clock.systemUTC()),
                  ops.meters()));
      ops.add(part, Ops.of(worker));
      return RoleCommands.await(parts, worker::failed);
    }
  }
}
