package io.countermand.app.audit;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.JsonOption;
import io.countermand.app.cli.Terminal;
import io.countermand.app.cli.TimeArguments;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.audit.Audit;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description =
        "Derives every decision again from the records, and reports what differs. Exit code 0 only"
            + " if all holds; 4: there are differences; 3: none was found, but not all could be"
            + " checked (records were gone); 1 and 2: the audit itself failed.")
public final class AuditCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Judge cancels that started at this time or later: a UTC time like 2026-11-20T08:00:00Z,"
              + " or a duration like 2h (that long ago). Default: the first record.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Judge cancels that started before this time. Default: now.")
  private @Nullable String to;

  @Option(
      names = "--margin",
      paramLabel = "DURATION",
      defaultValue = "30m",
      description =
          "Records read before --from and after --to: longer than any cancel of these lived."
              + " Default: ${DEFAULT-VALUE}.")
  private String margin = "30m";

  @Option(names = "--venue", paramLabel = "NAME", description = "Only cancels of this venue.")
  private @Nullable String venue;

  @Option(names = "--account", paramLabel = "NAME", description = "Only cancels of this account.")
  private @Nullable String account;

  @Option(
      names = "--archive",
      paramLabel = "DIR",
      description = "Audit what `countermand archive` wrote, by the rules kept there.")
  private @Nullable Path archive;

  @Option(
      names = "--sha256",
      paramLabel = "HASH",
      description =
          "With --archive: the manifest's SHA-256 that `countermand archive` printed and somebody"
              + " kept. Without it, nothing shows that the archive was not written anew.")
  private @Nullable String sha256;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write audit.html, cancels.parquet and differences.jsonl into a new directory.")
  private @Nullable Path out;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "600",
      description =
          "For the engine that joins, beside the heap; it spills to disk. Default: ${DEFAULT-VALUE}.")
  private int memory;

  @Option(
      names = "--floor",
      description = "First measure how fast the same records can be read and decoded alone.")
  private boolean floor;

  @Override
  public Integer call() throws IOException {
    if (threads < 1 || memory < 128) {
      throw new IllegalArgumentException("--threads is at least 1, --memory at least 128");
    }
    var terminal = new Terminal(System.err);
    var options =
        new Audit.Options(
            TimeArguments.parse("--from", from),
            TimeArguments.parse("--to", to),
            TimeArguments.duration("--margin", margin),
            new Audit.Only(venue, account),
            out,
            threads,
            memory,
            floor,
            (done, all) ->
                terminal.progress(
                    String.format(Locale.ROOT, "%,d of about %,d records read", done, all)));
    if (archive != null) {
      return Audit.run(archive, sha256, options, json.on(), this::print);
    }
    if (sha256 != null) {
      throw new IllegalArgumentException("--sha256 is for --archive");
    }
    Config config = option.load();
    return Audit.run(
        Settings.connection(config), AuditSettings.rules(config), options, json.on(), this::print);
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
