package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.config.Config;
import io.countermand.app.config.ConfigException;
import io.countermand.app.config.ConfigProblem;
import io.countermand.app.config.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code config sample} and {@code config check}. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Shows and checks the configuration.",
    synopsisSubcommandLabel = "COMMAND")
public final class ConfigCommand implements Runnable {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Which? `config sample` or `config check`");
  }

  @Command(
      name = "sample",
      mixinStandardHelpOptions = true,
      description = "Prints a configuration with every key explained.")
  int sample() {
    spec.commandLine().getOut().print(Config.sample());
    spec.commandLine().getOut().flush();
    return 0;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Reads the configuration as a desk of all venues does, with their credentials, and says"
              + " everything that is wrong with it.")
  int check(@Mixin ConfigOption option, @Mixin JsonOption json) {
    try {
      Settings.check(option.load(venue -> true));
    } catch (ConfigException e) {
      if (json.on()) {
        print(option.given(), e.problems());
      }
      throw e;
    }
    if (json.on()) {
      print(option.given(), List.of());
      return CommandLine.ExitCode.OK;
    }
    spec.commandLine()
        .getOut()
        .println(
            option.given()
                ? "the configuration is fine"
                : "no --config and no COUNTERMAND_CONFIG: only defaults and environment variables"
                    + " were looked at, and there is nothing wrong with them");
    return 0;
  }

  private void print(boolean given, List<ConfigProblem> problems) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("well", problems.isEmpty());
    fields.put("fileGiven", given);
    fields.put("problems", problems.stream().map(ConfigCommand::fields).toList());
    JsonOption.print(spec.commandLine().getOut(), fields);
  }

  private static Map<String, String> fields(ConfigProblem problem) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("key", problem.key());
    fields.put("found", problem.found());
    fields.put("allowed", problem.allowed());
    fields.put("where", problem.where());
    return fields;
  }
}
