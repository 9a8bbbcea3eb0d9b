package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.TopicAdmin;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code topics apply}. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    description = "Looks after the topics.",
    synopsisSubcommandLabel = "COMMAND")
public final class TopicsCommand implements Runnable {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which? `topics apply`");
  }

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description =
          "Creates the topics that are missing; says what differs and leaves it alone. Exit code 1"
              + " if anything differs.")
  int apply(@Mixin ConfigOption option, @Mixin JsonOption json) {
    Config config = option.load();
    List<TopicAdmin.Change> changes =
        apply(
            Settings.connection(config),
            config,
            change -> {
              if (!json.on()) {
                out().println(change.kind() + " " + change.topic() + ": " + change.text());
              }
            });
    boolean differs = changes.stream().anyMatch(c -> c.kind() == TopicAdmin.Kind.DIFFERS);
    if (json.on()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("well", !differs);
      fields.put("changes", changes.stream().map(TopicsCommand::fields).toList());
      JsonOption.print(out(), fields);
    } else if (changes.isEmpty()) {
      out().println("all topics are as they must be");
    }
    return differs ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private static Map<String, String> fields(TopicAdmin.Change change) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("topic", change.topic());
    fields.put("kind", change.kind().name());
    fields.put("text", change.text());
    return fields;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  public static List<TopicAdmin.Change> apply(
      KafkaConnection connection, Config config, Consumer<TopicAdmin.Change> each) {
    try (Admin admin = Admin.create(connection.admin("topics"))) {
      List<TopicAdmin.Change> changes = TopicAdmin.apply(admin, Settings.catalogue(config));
      changes.forEach(each);
      return changes;
    }
  }
}
