package io.countermand.app.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Runs the real processes under a seeded flow, kills and pauses them, and compares what was asked,
 * what was answered, and what really happened.
 */
public final class Chaos {

  private Chaos() {}

  /**
   * What to run.
   *
   * @param seed of the first run; each further one has the next
   * @param kills SIGKILLs per run
   * @param intents per run
   * @param data a directory for all, of which each run takes a part
   */
  public record Options(int runs, long seed, int kills, int intents, Path data) {}

  /** All runs. */
  public record Report(
      int runs,
      int intents,
      int missing,
      int duplicates,
      int lies,
      int suspicious,
      Map<String, Integer> byResult,
      Map<String, Integer> blows,
      List<RunReport> each) {

    public boolean good() {
      return each.stream().allMatch(RunReport::good);
    }
  }

  /**
   * @param line hears what stays on the screen
   * @param progress hears the present state, often
   * @param stop ends it early, with an exception
   */
  public static Report run(
      Options options, Consumer<String> line, Consumer<String> progress, BooleanSupplier stop)
      throws IOException, InterruptedException {
    List<RunReport> each = new ArrayList<>();
    for (int run = 1; run <= options.runs(); run++) {
      Path directory = options.data().resolve("run-" + run);
      RunReport report = new ChaosRun(options, run, directory, progress, stop).run();
      each.add(report);
      line.accept(line(report));
      report.audit().forEach(text -> line.accept("  AUDIT " + text));
      report.lies().stream()
          .limit(3)
          .forEach(
              lie -> {
                line.accept("  LIE " + lie.cancelId() + " " + lie.claim() + ": " + lie.because());
                lie.story().forEach(text -> line.accept("    " + text));
              });
    }
    return report(each);
  }

  private static String line(RunReport r) {
    return ("run %d, seed %d, %d s: %,d intents, %,d outcomes: %d missing, %d duplicates, %d"
            + " lies; %d of %d open orders' cancels CANCELED%s; late %d (at most %d ms); %d calls;"
            + " %s; %s")
        .formatted(
            r.run(),
            r.seed(),
            r.seconds(),
            r.intents(),
            r.outcomes(),
            r.missing().size(),
            r.duplicates().size(),
            r.lies().size(),
            r.openOrdersCanceled(),
            r.openOrders(),
            r.suspicious() ? " (SUSPICIOUS)" : "",
            r.late(),
            r.latestMs(),
            r.cancelCalls(),
            r.byResult(),
            r.blows());
  }

  private static Report report(List<RunReport> each) {
    Map<String, Integer> byResult = new TreeMap<>();
    Map<String, Integer> blows = new TreeMap<>();
    for (RunReport run : each) {
      run.byResult().forEach((key, n) -> byResult.merge(key, n, Integer::sum));
      run.blows().forEach((key, n) -> blows.merge(key, n, Integer::sum));
    }
    return new Report(
        each.size(),
        each.stream().mapToInt(RunReport::intents).sum(),
        each.stream().mapToInt(run -> run.missing().size()).sum(),
        each.stream().mapToInt(run -> run.duplicates().size()).sum(),
        each.stream().mapToInt(run -> run.lies().size()).sum(),
        (int) each.stream().filter(RunReport::suspicious).count(),
        byResult,
        blows,
        each);
  }

  public static String json(Report report) {
    try {
      return new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(report)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
