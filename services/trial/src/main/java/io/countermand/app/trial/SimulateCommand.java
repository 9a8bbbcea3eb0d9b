package io.countermand.app.trial;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.role.FeedPublisher;
import io.countermand.app.role.HeldOrderEvents;
import io.countermand.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description =
        "Runs the simulated venues of the configuration (simulator.venues) and publishes their"
            + " order events. Orders are placed over HTTP: POST /admin/orders.")
public final class SimulateCommand implements Callable<Integer> {

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--no-feed",
      description = "Publish no order events: without them the table stays empty.")
  private boolean noFeed;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Config config = option.load();
    try (var parts = new Shutdown()) {
      Path journal = config.simulator().journal();
      boolean restarted = journal != null && Files.exists(journal);
      HeldOrderEvents feeds = new HeldOrderEvents();
      Simulator simulator =
          parts.add(Simulator.start(SimulatorSettings.of(config).withListener(feeds)));
      if (!noFeed) {
        feeds.to(parts.add(new FeedPublisher(Settings.connection(config))));
        if (restarted) {
          simulator.resync(); // events may have been lost with the process before
        }
      }
      System.out.println("admin  " + simulator.adminUrl());
      config
          .simulator()
          .venues()
          .keySet()
          .forEach(name -> System.out.println(name + "  " + simulator.venueUrl(name)));
      System.out.println("ready; Ctrl-C stops it");
      parts.await();
      return 0;
    }
  }
}
