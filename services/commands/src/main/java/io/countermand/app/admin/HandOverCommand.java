package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.desk.Desk;
import io.countermand.kafka.ownership.HandOvers;
import java.io.PrintWriter;
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

/** {@code hand-over}. */
@Command(
    name = "hand-over",
    mixinStandardHelpOptions = true,
    description = {
      "Moves a venue from one group of desks to another while both run. No intent is called by both,"
          + " none by neither: a record in each partition of cancel-intents says from where on.",
      "announce: the next group begins to read along. Then start its desks, and wait until they are"
          + " ready and the longest deadline has passed. complete: it decides from there on. Stop the"
          + " old desks when their last cancels have their outcomes, or let them run as they are."
    })
public final class HandOverCommand implements Callable<Integer> {

  /** What is written. */
  enum Step {
    ANNOUNCE,
    COMPLETE
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(paramLabel = "STEP", description = "announce or complete")
  private Step step = Step.ANNOUNCE;

  @Option(names = "--venue", required = true, paramLabel = "NAME", description = "That is moved.")
  private String venue = "";

  @Option(
      names = "--from",
      split = ",",
      paramLabel = "NAME",
      description = "Of the desks that have it: their --venues. Left out: desks without --venues.")
  private Set<String> from = Set.of();

  @Option(
      names = "--to",
      split = ",",
      paramLabel = "NAME",
      description = "Of the desks that get it: their --venues. Left out: desks without --venues.")
  private Set<String> to = Set.of();

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  @Override
  public Integer call() {
    if (from.equals(to)) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--from and --to are the same");
    }
    for (Set<String> each : List.of(from, to)) {
      if (!each.isEmpty() && !each.contains(venue)) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "desks with --venues " + String.join(",", each) + " do not serve it");
      }
    }
    Config config = option.load();
    String old = Settings.deskGroup(config, from);
    String next = Settings.deskGroup(config, to);
    var handOvers =
        new HandOvers(Settings.connection(config), venue, Settings.deskGroup(config, Set.of()));
    PrintWriter out = json.words(spec.commandLine().getOut(), spec.commandLine().getErr());
    Map<Integer, Long> offsets = new TreeMap<>();
    if (step == Step.ANNOUNCE) {
      handOvers.announce(old, next, Desk.STARTS_ANEW);
      out.println("group " + next + " reads along from here on; start its desks");
    } else {
      offsets.putAll(handOvers.complete(old, next));
      offsets.forEach(
          (partition, offset) -> out.println("partition " + partition + ": offset " + offset));
      out.println(
          "from there on group " + next + " decides " + venue + "'s intents, " + old + " does not");
    }
    if (json.on()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("step", step.name());
      fields.put("venue", venue);
      fields.put("fromGroup", old);
      fields.put("toGroup", next);
      fields.put("offsets", offsets);
      JsonOption.print(spec.commandLine().getOut(), fields);
    }
    return CommandLine.ExitCode.OK;
  }
}
