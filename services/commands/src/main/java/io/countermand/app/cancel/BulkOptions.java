package io.countermand.app.cancel;

import io.countermand.app.cli.OutcomeText;
import io.countermand.app.cli.Terminal;
import io.countermand.app.cli.VenueCheck;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.client.CancelClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code cancel --file}. */
final class BulkOptions {

  private static final int MOST_SHOWN = 20;

  @Option(
      names = "--file",
      paramLabel = "FILE|-",
      description =
          "Cancel all orders of a file, or of standard input (-), and wait for the outcomes. CSV with"
              + " a header line, or one JSON object a line, with any of venue, account, orderId,"
              + " orderName, strategyId, clOrdId, cancelId, within (like 90s; a bare number: seconds), reason, override,"
              + " isAutomated, priority. --venue, --account, --within, --reason, --override,"
              + " --automated, --priority and --strategy-id hold where a row says nothing. Exit code: the first of 1, 6, 5, 3, 4, 0"
              + " that applies to any of them.")
  @Nullable String file;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description =
          "With --file: where each result is written, one JSON object a line. Run again with the"
              + " same one, and only what has no result yet is sent, under the same ids. Default:"
              + " FILE.results.jsonl")
  private @Nullable Path results;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      defaultValue = "1000",
      description = "With --file: so many wait for their outcomes at the most. Default: 1000.")
  private int atOnce;

  @Option(
      names = "--skip-wrong",
      description =
          "With --file: name each row that makes no sense, with its line, and send the others; the"
              + " exit code is 1 then. A quote that is not closed is wrong for the whole file."
              + " Default: nothing is sent.")
  private boolean skipWrong;

  /** A call that makes no sense. */
  static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Wrong(String text) {
      super(text);
    }
  }

  /**
   * @param defaults by the names of columns
   * @throws Wrong if nothing was sent, and what to mend
   */
  int run(
      Config config, Map<String, String> defaults, Duration grace, boolean json, PrintWriter out)
      throws InterruptedException {
    if (atOnce < 1) {
      throw new Wrong("--at-once must be at least 1");
    }
    var input = new BulkInput(defaults).read(lines());
    List<String> wrong = new ArrayList<>(input.problems());
    List<BulkRow> known =
        sound(input.rows(), row -> VenueCheck.problem(config, row.order().venue()), wrong);
    refuse(wrong, known);
    try (ResultFile written = ResultFile.open(resultPath(), hex(UUID.randomUUID()))) {
      Duration remembered = config.ledger().rememberSettled();
      boolean old = written.begun().plus(remembered).isBefore(Instant.now());
      if (old) { // also where each row has a result: it may be another day's order by now
        throw new Wrong(
            "this batch was begun at "
                + written.begun()
                + ", longer ago than ledger.remember-settled ("
                + remembered
                + "): a cancel of it might be made a second time, or its results be another day's."
                + " Nothing was sent. Begin a new one with --results");
      }
      try (CancelClient client =
          CancelClient.builder(Settings.client(config))
              .grace(grace)
              .lookBack(remembered.plusDays(1))
              .connect()) {
        var bulk = new BulkCancel(client, written, new Terminal(System.err), atOnce);
        List<BulkRow> rows = sound(known, bulk::problem, wrong);
        refuse(wrong, rows);
        wrong.forEach(each -> System.err.println("not sent: " + each));
        int code = bulk.run(rows, wrong.size());
        out.println(json ? summary(bulk) : bulk.summary() + "; each in " + resultPath());
        return code;
      }
    }
  }

  private String summary(BulkCancel bulk) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("results", resultPath().toString());
    fields.put("counts", bulk.counts());
    return OutcomeText.write(fields);
  }

  private Path resultPath() {
    if (results != null) {
      return results;
    }
    if (file == null || file.equals("-")) {
      throw new Wrong("--file=- needs --results=FILE");
    }
    return Path.of(file + ".results.jsonl");
  }

  private List<String> lines() {
    resultPath();
    try {
      return "-".equals(file)
          ? new BufferedReader(
                  new InputStreamReader(
                      System.in, StandardCharsets.UTF_8.newDecoder())) // which replaces nothing
              .lines()
              .toList()
          : Files.readAllLines(Path.of(String.valueOf(file)));
    } catch (NoSuchFileException e) {
      throw new Wrong("no such file: " + file);
    } catch (IOException e) {
      throw new Wrong(file + " cannot be read as UTF-8 text: " + e);
    } catch (UncheckedIOException e) {
      throw new Wrong("standard input cannot be read as UTF-8 text: " + e.getCause());
    }
  }

  /** Those without a problem; those of the others are added to what is wrong. */
  private static List<BulkRow> sound(
      List<BulkRow> rows, Function<BulkRow, @Nullable String> check, List<String> wrong) {
    List<BulkRow> sound = new ArrayList<>();
    for (BulkRow row : rows) {
      String problem = check.apply(row);
      if (problem == null) {
        sound.add(row);
      } else {
        wrong.add("line " + row.line() + ": " + problem);
      }
    }
    return sound;
  }

  private void refuse(List<String> wrong, List<BulkRow> rows) {
    if (rows.isEmpty() && wrong.isEmpty()) {
      throw new Wrong("nothing was sent:\n  there is no cancel in it");
    }
    if (!wrong.isEmpty() && (!skipWrong || rows.isEmpty())) {
      int more = wrong.size() - MOST_SHOWN;
      throw new Wrong(
          "nothing was sent:\n  "
              + String.join("\n  ", wrong.subList(0, Math.min(MOST_SHOWN, wrong.size())))
              + (more > 0 ? "\n  and " + more + " more" : "")
              + (rows.isEmpty()
                  ? ""
                  : "\nWith --skip-wrong the other " + rows.size() + " are sent"));
    }
  }

  private static String hex(UUID id) {
    return id.toString().replace("-", "");
  }
}
