package io.countermand.bench.report;

import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.Measured;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Figures for people. */
public final class ResultTable {

  private static final String HEAD =
      "%-18s%10s%10s%10s%9s%9s%9s%10s%10s%9s%10s%8s%9s%8s%8s%9s%9s%n"
          .formatted(
              "",
              "venue50",
              "venue99",
              "venue99.9",
              "max",
              "all50",
              "all99",
              "commit50",
              "commit99",
              "calls/s",
              "results/s",
              "cpu",
              "rss",
              "bytes",
              "broker",
              "records",
              "requests");

  private ResultTable() {}

  /** One measurement, as it comes. */
  public static String line(Measured m) {
    return String.format(
        Locale.ROOT,
        "%-18s %-14s to venue p50 %.1f p99 %.1f max %.1f ms; result p50 %.1f p99 %.1f ms; %.0f"
            + " calls/s; CPU %.2f s per 1,000 (all compilers %.2f); %.0f MB; host took %.0f%%; %s%s",
        m.variant(),
        m.load(),
        m.toVenue().p50(),
        m.toVenue().p99(),
        m.toVenue().max(),
        m.toResult().p50(),
        m.toResult().p99(),
        m.callsPerSecond(),
        m.cpuPer1000(),
        m.compilerCpuPer1000(),
        m.peakMegabytes(),
        m.stolenPercent(),
        m.results(),
        m.valid() ? "" : "  *** INVALID: " + String.join(", ", m.problems()) + " ***");
  }

  /** Medians of all, the targets, and what was lost. */
  static String of(
      MedianFigures figures, List<BenchTarget> targets, Map<String, CallLosses> losses) {
    var text = new StringBuilder();
    text.append(
        "Medians of the pairs. Milliseconds from when each intent was due to its request at");
    text.append(" the venue,\nand to its result as a read_uncommitted (all) and a read_committed");
    text.append(
        " reader has it; CPU seconds of\nthe variant, and of the broker, per 1,000 intents;");
    text.append(" MB resident; bytes, records and broker requests per intent.\n");
    Set<String> loads = new LinkedHashSet<>();
    figures.measured().forEach(m -> loads.add(m.load()));
    for (String load : loads) {
      text.append('\n').append(load).append('\n').append(HEAD);
      for (Variant variant : Variant.values()) {
        row(text, figures, variant, load);
      }
    }
    text.append('\n');
    for (BenchTarget target : targets) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-8s %-72s %8.2f  (%s %.1f)%n",
              target.met() ? "met" : "NOT MET",
              target.what(),
              target.figure(),
              target.most() ? "at most" : "at least",
              target.limit()));
    }
    text.append('\n');
    losses.forEach(
        (variant, all) ->
            text.append(
                "%-18s %,d intents: %,d orders never called, %,d calls beyond one per order%n"
                    .formatted(variant, all.intents(), all.lost(), all.doubled())));
    long invalid = figures.measured().stream().filter(m -> !m.valid()).count();
    if (invalid > 0) {
      text.append("\n*** ")
          .append(invalid)
          .append(" measurements are INVALID and count nowhere ***\n");
    }
    return text.toString();
  }

  private static void row(StringBuilder text, MedianFigures figures, Variant variant, String load) {
    List<ToDoubleFunction<Measured>> columns =
        List.of(
            m -> m.toVenue().p50(),
            m -> m.toVenue().p99(),
            m -> m.toVenue().p999(),
            m -> m.toVenue().max(),
            m -> m.toResultUncommitted().p50(),
            m -> m.toResultUncommitted().p99(),
            m -> m.toResult().p50(),
            m -> m.toResult().p99(),
            Measured::callsPerSecond,
            Measured::intentsPerSecond,
            Measured::cpuPer1000,
            Measured::peakMegabytes,
            Measured::bytesPerIntent,
            Measured::brokerCpuPer1000,
            m -> m.kafka().recordsPerCancel(),
            m -> m.kafka().requestsPerCancel());
    List<Object> values = new ArrayList<>();
    values.add(variant.label());
    for (ToDoubleFunction<Measured> column : columns) {
      var median = figures.median(variant, load, column);
      if (median.isEmpty()) {
        return;
      }
      values.add(median.getAsDouble());
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%-18s%10.1f%10.1f%10.1f%9.1f%9.1f%9.1f%10.1f%10.1f%9.0f%10.0f%8.2f%9.0f%8.0f%8.2f%9.1f%9.1f%n",
            values.toArray()));
  }
}
