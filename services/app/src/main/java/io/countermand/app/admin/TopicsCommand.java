package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.TopicAdmin;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
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
  int apply(@Mixin ConfigOption option) {
    Config config = option.load();
    List<TopicAdmin.Change> changes =
        apply(
            Settings.connection(config),
            config,
            change ->
                spec.commandLine()
                    .getOut()
                    .println(change.kind() + " " + change.topic() + ": " + change.text()));
    if (changes.isEmpty()) {
      spec.commandLine().getOut().println("all topics are as they must be");
    }
    boolean differs = changes.stream().anyMatch(c -> c.kind() == TopicAdmin.Kind.DIFFERS);
    return differs ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
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
