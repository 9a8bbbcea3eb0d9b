package io.countermand.app;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The commands that are no part of the pipeline: they play against one, start one on this machine,
 * or look into what one has left. They are found by their names, since a pipeline's image has none
 * of their jars; there, each says so.
 */
final class Tools {

  private static final String PACKAGE = "io.countermand.app.";

  /** As {@code --help} lists them. */
  private static final List<Tool> ALL =
      List.of(
          new Tool("demo", "trial.DemoCommand"),
          new Tool("up", "local.UpCommand"),
          new Tool("simulate", "trial.SimulateCommand"),
          new Tool("flow", "trial.FlowCommand"),
          new Tool("drill", "trial.DrillCommand"),
          new Tool("chaos", "trial.ChaosCommand"),
          new Tool("audit", "audit.AuditCommand"),
          new Tool("story", "audit.StoryCommand"),
          new Tool("replay", "audit.ReplayCommand"),
          new Tool("archive", "audit.ArchiveCommand"),
          new Tool("audit-bench", "trial.AuditBenchCommand"),
          new Tool("histories", "trial.HistoriesCommand"),
          new Tool("bench", "bench.BenchCommand"));

  /** Built when it is first asked for, so a build with tools may be without it. */
  private static final String BENCH = "bench";

  private Tools() {}

  /**
   * @param type below our package
   */
  private record Tool(String name, String type) {}

  /** Adds all of them, or what stands in for those that are not here. */
  static void addTo(CommandLine command) {
    boolean none = ALL.stream().allMatch(tool -> find(tool) == null);
    for (Tool tool : ALL) {
      Class<?> found = find(tool);
      if (found != null) {
        command.addSubcommand(tool.name(), made(found));
      } else if (tool.name().equals(BENCH) && !none) {
        command.addSubcommand(tool.name(), new CommandLine(new NoBench()));
      } else {
        // Whatever it is called with, what is wrong is that it is not here.
        command.addSubcommand(
            tool.name(),
            new CommandLine(new NotHere(tool.name())).setUnmatchedArgumentsAllowed(true));
      }
    }
  }

  private static @Nullable Class<?> find(Tool tool) {
    try {
      return Class.forName(PACKAGE + tool.type(), false, Tools.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  private static Object made(Class<?> type) {
    try {
      return type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName() + " cannot be made", e);
    }
  }

  /** In the image of the pipeline: no line in the list of commands, and a clear one when called. */
  @Command(
      hidden = true,
      description = "A tool, and not here: this is the pipeline alone. See docs/containers.md.")
  private static final class NotHere implements Runnable {

    private final String name;

    NotHere(String name) {
      this.name = name;
    }

    @Override
    public void run() {
      throw new IllegalStateException(
          name
              + " is not here: this is the pipeline alone, without its tools. The image"
              + " countermand-tools has it, and so has a checkout (docs/containers.md)");
    }
  }

  /** Stands in the list of commands for {@code bench}, which the launcher builds when asked. */
  @Command(
      description =
          "Sends the same intents through Countermand and through what one would write instead, in"
              + " turn. Built when it is first asked for.")
  private static final class NoBench implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException(
          "the benchmarks are not in this build; in a checkout, ./countermand bench builds them");
    }
  }
}
