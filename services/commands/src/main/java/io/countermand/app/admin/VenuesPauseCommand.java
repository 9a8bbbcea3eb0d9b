package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.cli.VenueCheck;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.desk.pause.PauseTopic;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code venues pause NAME}. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = {
      "Stops all calls to a venue, of every desk and feed, and of every venue of the same credential."
          + " Cancels wait in the queue, and are answered at their deadlines.",
      "The last word holds: a later pause or resume replaces it, be it longer or shorter."
    })
final class VenuesPauseCommand implements Callable<Integer> {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  @Parameters(paramLabel = "NAME", description = "The venue, as named in the configuration.")
  private String venue = "";

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description =
          "A UTC time like 2026-11-20T08:00:00Z, or a duration from now on, like 15m. Left out:"
              + " until `venues resume`.")
  private @Nullable String until;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "For people: stands in outcomes and logs, so no secrets.")
  private String reason = "paused by an operator";

  @Override
  public Integer call() throws InterruptedException {
    Config config = option.load();
    String problem = VenueCheck.problem(config, venue);
    if (problem != null) {
      throw new CommandLine.ParameterException(spec.commandLine(), problem);
    }
    Instant end = until == null ? null : end(until);
    if (end != null && !end.isAfter(Instant.now())) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--until is over already; to lift a pause: venues resume " + venue);
    }
    try (var topic = new PauseTopic(Settings.connection(config), "cli-" + config.instance())) {
      if (!topic.pause(venue, end, reason)) {
        spec.commandLine().getErr().println("could not be written; see the log");
        return CommandLine.ExitCode.SOFTWARE;
      }
    }
    if (json.on()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("venue", venue);
      fields.put("paused", true);
      fields.put("until", end == null ? null : end.toString());
      fields.put("reason", reason);
      JsonOption.print(spec.commandLine().getOut(), fields);
      return CommandLine.ExitCode.OK;
    }
    spec.commandLine()
        .getOut()
        .println(venue + " is paused until " + (end == null ? "resumed" : end.toString()));
    return CommandLine.ExitCode.OK;
  }

  private Instant end(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      try {
        return Instant.now().plus(TimeArguments.duration("--until", text));
      } catch (IllegalArgumentException no) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "--until takes a UTC time like 2026-11-20T08:00:00Z or a duration like 15m or 2h",
            no);
      }
    }
  }
}
