package io.countermand.app.audit;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.cli.Terminal;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.audit.Archive;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code archive}. */
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    description =
        "Keeps the topics as Parquet by day, with a manifest of offsets and SHA-256, the schemas and"
            + " the rules, so that `audit --archive` can be made without Kafka.")
public final class ArchiveCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(names = "--from", paramLabel = "TIME", description = "As for audit.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "As for audit.")
  private @Nullable String to;

  @Option(
      names = "--margin",
      paramLabel = "DURATION",
      defaultValue = "30m",
      description = "As for audit. Default: ${DEFAULT-VALUE}.")
  private String margin = "30m";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "A new directory; it is there only when it is whole.")
  private Path directory = Path.of("archive");

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "600",
      description = "For the engine that writes, beside the heap. Default: ${DEFAULT-VALUE}.")
  private int memory;

  @Override
  public Integer call() throws IOException {
    var terminal = new Terminal(System.err);
    Config config = option.load();
    PrintWriter out = spec.commandLine().getOut();
    Archive.Written written =
        Archive.write(
            Settings.connection(config),
            AuditSettings.rules(config),
            TimeArguments.parse("--from", from),
            TimeArguments.parse("--to", to),
            TimeArguments.duration("--margin", margin),
            directory,
            memory,
            (done, all) ->
                terminal.progress(
                    String.format(Locale.ROOT, "%,d of about %,d records archived", done, all)),
            line -> {
              if (!json.on()) {
                out.println(line);
              }
            });
    if (json.on()) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("directory", directory.toString());
      fields.put("records", written.records());
      fields.put("files", written.files());
      fields.put("sha256", written.sha256());
      JsonOption.print(out, fields);
    }
    out.flush();
    return 0;
  }
}
