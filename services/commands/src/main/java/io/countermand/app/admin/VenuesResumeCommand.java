package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.cli.VenueCheck;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.desk.pause.PauseTopic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code venues resume NAME}. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description =
        "Lifts a venue's pause in every desk and feed, an operator's and what the venue itself asked"
            + " for: a call inside a lock-out may start it anew.")
final class VenuesResumeCommand implements Callable<Integer> {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  @Parameters(paramLabel = "NAME", description = "The venue, as named in the configuration.")
  private String venue = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "For people, in the record.")
  private String reason = "resumed by an operator";

  @Override
  public Integer call() throws InterruptedException {
    Config config = option.load();
    String problem = VenueCheck.problem(config, venue);
    if (problem != null) {
      throw new CommandLine.ParameterException(spec.commandLine(), problem);
    }
    try (var topic = new PauseTopic(Settings.connection(config), "cli-" + config.instance())) {
      if (!topic.resume(venue, reason)) {
        spec.commandLine().getErr().println("could not be written; see the log");
        return CommandLine.ExitCode.SOFTWARE;
      }
    }
    if (json.on()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("venue", venue);
      fields.put("paused", false);
      fields.put("reason", reason);
      JsonOption.print(spec.commandLine().getOut(), fields);
      return CommandLine.ExitCode.OK;
    }
    spec.commandLine().getOut().println(venue + " may be called again");
    return CommandLine.ExitCode.OK;
  }
}
