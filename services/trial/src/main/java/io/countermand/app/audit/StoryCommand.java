package io.countermand.app.audit;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Settings;
import io.countermand.audit.story.Story;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code story}. */
@Command(
    name = "story",
    mixinStandardHelpOptions = true,
    description =
        "Tells all that was recorded of one cancel or order, by time, with where each record stands;"
            + " or of one mass cancel or kill switch, with what is not cancelled.")
public final class StoryCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ConfigOption option = new ConfigOption();

  @Parameters(
      paramLabel = "CANCEL_ID|ORDER_KEY|MASS_ID",
      description =
          "A cancelId, an order as venue/account/orderId, or the massId of a mass cancel or kill switch.")
  private String of = "";

  @Option(names = "--from", paramLabel = "TIME", description = "As for audit.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "As for audit.")
  private @Nullable String to;

  @Option(names = "--archive", paramLabel = "DIR", description = "From an archive.")
  private @Nullable Path archive;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    return Story.tell(
        Settings.brief(option.load()),
        of,
        archive,
        TimeArguments.parse("--from", from),
        TimeArguments.parse("--to", to),
        json,
        line -> print(spec.commandLine().getOut(), line));
  }

  private static void print(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
