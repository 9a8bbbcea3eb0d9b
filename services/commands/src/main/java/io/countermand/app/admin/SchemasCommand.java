package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.SchemaAdmin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schemas register} and {@code schemas check}. */
@Command(
    name = "schemas",
    mixinStandardHelpOptions = true,
    description = "Looks after the registered schemas.",
    synopsisSubcommandLabel = "COMMAND")
public final class SchemasCommand implements Runnable {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Which? `schemas register` or `schemas check`");
  }

  @Command(
      name = "register",
      mixinStandardHelpOptions = true,
      description = "Registers this build's schemas; none if one does not fit what is registered.")
  int register(@Mixin ConfigOption option, @Mixin JsonOption json) {
    Config config = option.load();
    print(register(Settings.connection(config), config), json, true);
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Compares this build's schemas with the registered ones. Exit code 1 unless every schema"
              + " is registered.")
  int check(@Mixin ConfigOption option, @Mixin JsonOption json) {
    Config config = option.load();
    List<SchemaAdmin.Subject> subjects = check(Settings.connection(config), config);
    boolean same = subjects.stream().allMatch(s -> s.status() == SchemaAdmin.Status.SAME);
    print(subjects, json, same);
    return same ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  public static List<SchemaAdmin.Subject> register(KafkaConnection connection, Config config) {
    return SchemaAdmin.register(
        connection.registryUrl(), connection.registry(), Settings.catalogue(config));
  }

  static List<SchemaAdmin.Subject> check(KafkaConnection connection, Config config) {
    return SchemaAdmin.check(
        connection.registryUrl(), connection.registry(), Settings.catalogue(config));
  }

  private void print(List<SchemaAdmin.Subject> subjects, JsonOption json, boolean well) {
    if (json.on()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("well", well);
      fields.put("subjects", subjects.stream().map(SchemasCommand::fields).toList());
      JsonOption.print(spec.commandLine().getOut(), fields);
      return;
    }
    subjects.forEach(
        s -> spec.commandLine().getOut().println(s.status() + " " + s.name() + " " + s.text()));
  }

  private static Map<String, String> fields(SchemaAdmin.Subject subject) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("subject", subject.name());
    fields.put("status", subject.status().name());
    fields.put("text", subject.text());
    return fields;
  }
}
