package io.countermand.app;

import io.countermand.app.config.Settings;
import io.countermand.client.OutcomeReader;
import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code watch}. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = "Follows the outcomes, committed ones only, until Ctrl-C.")
final class WatchCommand implements Callable<Integer> {

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--from",
      paramLabel = "WHEN",
      description =
          "beginning, now, a time in UTC (2026-11-20T08:00:00Z), or how long ago (15m). Default:"
              + " now.")
  private @Nullable String from;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "0",
      description = "Stop after so many outcomes. Default: never.")
  private long most;

  @Override
  public Integer call() {
    var connection = Settings.connection(option.load());
    try (var parts = new Shutdown();
        var outcomes = open(connection)) {
      long seen = 0;
      while (!parts.asked()) {
        for (var read : outcomes.poll(Duration.ofMillis(200))) {
          System.out.println(json ? OutcomeText.json(read) : OutcomeText.line(read));
          if (++seen == most) {
            return 0;
          }
        }
      }
      return 0;
    }
  }

  private OutcomeReader open(KafkaConnection connection) {
    if (from == null || from.equals("now")) {
      return OutcomeReader.fromNow(connection);
    }
    return from.equals("beginning")
        ? OutcomeReader.fromBeginning(connection)
        : OutcomeReader.from(connection, Objects.requireNonNull(Times.parse("--from", from)));
  }
}
