package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.desk.Desk;
import io.countermand.kafka.OffsetsCheck;
import io.countermand.ledger.Ledger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code start-anew}. */
@Command(
    name = "start-anew",
    mixinStandardHelpOptions = true,
    description = {
      "Lets a role whose offsets or stores are lost go on at the end of its topics, after it has"
          + " refused to start. Stop all of its processes first.",
      "A desk then decides nothing that was published before; the ledger answers it at its deadline."
          + " A ledger then answers nothing that was published before: where an outcome is missing,"
          + " the audit names the intent."
    })
public final class StartAnewCommand implements Callable<Integer> {

  /** Whose offsets. */
  enum Role {
    DESK,
    LEDGER
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(paramLabel = "ROLE", description = "desk or ledger")
  private Role role = Role.LEDGER;

  @Option(
      names = "--venues",
      split = ",",
      paramLabel = "NAME",
      description = "Of the desks that were started with these --venues.")
  private Set<String> venues = Set.of();

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() {
    if (role == Role.LEDGER && !venues.isEmpty()) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--venues is for desks");
    }
    Config config = option.load();
    String name = role == Role.DESK ? "desk" : "ledger";
    List<String> topics = role == Role.DESK ? Desk.STARTS_ANEW : Ledger.SOURCES;
    String group =
        role == Role.DESK ? Settings.deskGroup(config, venues) : Settings.ledgerGroup(config);
    Map<Integer, Long> skipped =
        new OffsetsCheck(Settings.connection(config), name, group).startAnew(topics);
    if (json.on()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("role", role.name());
      fields.put("group", group);
      fields.put("topics", topics);
      fields.put("skipped", new TreeMap<>(skipped));
      JsonOption.print(spec.commandLine().getOut(), fields);
      return CommandLine.ExitCode.OK;
    }
    skipped.forEach(
        (partition, count) ->
            spec.commandLine()
                .getOut()
                .println(
                    "partition " + partition + ": " + count + " intents behind the new offset"));
    spec.commandLine().getOut().println("group " + group + " goes on at the end of " + topics);
    return CommandLine.ExitCode.OK;
  }
}
