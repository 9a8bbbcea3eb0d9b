package io.countermand.audit;

import io.countermand.audit.check.Difference;
import io.countermand.audit.check.Findings;
import io.countermand.audit.report.AuditResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The result in a few lines. */
final class Summary {

  private static final int MOST_SHOWN = 20;

  private Summary() {}

  static void print(AuditResult result, ReadingRate.@Nullable Rate floor, Consumer<String> line) {
    Findings found = result.findings();
    line.accept(
        format(
            "read %,d records (%,.1f MB) of %s in %.1f s",
            result.records(), result.bytes() / 1e6, result.source(), seconds(result)));
    for (Findings.Count count : Findings.Count.values()) {
      line.accept(
          count.mayLack() && !found.counts.containsKey(count)
              ? format("%12s %s: not looked at, their topics are not there", "-", count.words)
              : format("%,12d %s", found.counts.getOrDefault(count, 0L), count.words));
    }
    line.accept(format("%,12d order states folded again", found.folds));
    line.accept(format("%,12d steps of the ledger taken again", found.derived));
    line.accept(format("%,12d dead letters", result.letters()));
    found.notes.forEach((what, n) -> line.accept(format("%,12d %s", n, what)));
    found.gaps.forEach((what, n) -> line.accept(format("gap: %s (%,d)", what, n)));
    found.kinds.forEach(
        (kind, n) -> line.accept(format("DIFFERENCE %s: %,d, %s", kind, n, kind.words())));
    found.differences.stream().limit(MOST_SHOWN).forEach(one -> line.accept("  " + text(one)));
    if (found.differences.size() > MOST_SHOWN) {
      line.accept(format("  and %,d more", result.differences() - MOST_SHOWN));
    }
    if (floor != null) {
      double rate = result.records() / seconds(result);
      line.accept(
          format(
              "floor: reading and decoding alone %,.0f records/s; audit %,.0f records/s, %.2f of it;"
                  + " largest resident size %s",
              floor.perSecond(), rate, rate / floor.perSecond(), resident()));
    }
    line.accept(
        switch (result.exitCode()) {
              case 0 -> "all holds";
              case 3 -> "nothing wrong was found, but not all could be checked";
              default -> format("%,d differences", result.differences());
            }
            + ": "
            + result.judged());
  }

  static String text(Difference one) {
    return one.kind()
        + (one.order() == null ? "" : " " + one.order())
        + (one.cancelId() == null ? "" : " cancelId=" + one.cancelId())
        + ": "
        + one.text()
        + " "
        + one.evidence().stream()
            .map(e -> e.topic() + "-" + e.partition() + "@" + e.offset())
            .toList();
  }

  private static double seconds(AuditResult result) {
    return result.took().toNanos() / 1e9;
  }

  /** Of this process, heap and DuckDB and all; where the system tells it. */
  private static String resident() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(one -> one.startsWith("VmHWM:"))
          .map(one -> one.substring(6).strip())
          .findFirst()
          .orElse("not told");
    } catch (IOException e) {
      return "not told";
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is in no dependency of ours
  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
