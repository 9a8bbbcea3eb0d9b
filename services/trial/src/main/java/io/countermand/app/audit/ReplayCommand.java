package io.countermand.app.audit;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.Shutdown;
import io.countermand.app.cli.Terminal;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Settings;
import io.countermand.audit.replay.Replay;
import io.countermand.audit.replay.ReplayLines;
import io.countermand.kafka.KafkaConnection;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description =
        "Publishes recorded history again, for a consumer under test: keys, values, timestamps,"
            + " headers and partitions as they were, and one header that marks the replay. With"
            + " --to-topic the same call again goes on where it was stopped or killed, or lost Kafka"
            + " (exit code 1, after some 15 s).")
public final class ReplayCommand implements Callable<Integer> {

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      defaultValue = "cancel-outcomes",
      description = "What to replay. Default: ${DEFAULT-VALUE}.")
  private String topic = "cancel-outcomes";

  @Option(names = "--from", paramLabel = "TIME", description = "As for audit.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "As for audit.")
  private @Nullable String to;

  @ArgGroup(multiplicity = "1")
  private Where where = new Where();

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "1",
      description = "Times the recorded pace; 0: as fast as it goes. Default: ${DEFAULT-VALUE}.")
  private double speed;

  /** One of both. */
  static final class Where {

    @Option(
        names = "--to-topic",
        paramLabel = "NAME",
        description = "Created if it is not there; never a topic of the pipeline.")
    private @Nullable String target;

    @Option(names = "--stdout", description = "Print one JSON object a line.")
    private boolean stdout;
  }

  private static void print(String line) {
    System.out.println(line);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (speed < 0 || Double.isNaN(speed)) {
      throw new IllegalArgumentException("--speed is 0 or more");
    }
    KafkaConnection connection = Settings.connection(option.load());
    var terminal = new Terminal(System.err);
    try (var parts = new Shutdown();
        var lines = new ReplayLines(connection, ReplayCommand::print)) {
      long done =
          Replay.run(
              connection,
              new Replay.Options(
                  topic,
                  TimeArguments.parse("--from", from),
                  TimeArguments.parse("--to", to),
                  where.stdout ? null : where.target,
                  speed),
              lines,
              terminal::progress,
              parts::asked);
      terminal.line(String.format(Locale.ROOT, "%,d records replayed", done));
    } finally {
      terminal.end();
    }
    return 0;
  }
}
