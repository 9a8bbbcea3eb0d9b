package io.countermand.bench.report;

import io.countermand.bench.load.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What the benchmark must show.
 *
 * @param figure as measured
 * @param most whether {@code limit} is the most that is allowed, and not the least
 */
record BenchTarget(String what, double figure, double limit, boolean most, boolean met) {

  /** Those whose figures were measured. */
  static List<BenchTarget> of(Map<String, Double> ratios, MedianFigures figures) {
    List<BenchTarget> targets = new ArrayList<>();
    for (String load : List.of("300", "1000")) {
      ratio(targets, ratios, "p99ToVenueAt" + load + "VsParallelConsumer", 1.0, true);
      ratio(targets, ratios, "p99ToVenueAt" + load + "VsFloor", 2.0, true);
      ratio(targets, ratios, "p50ToVenueAt" + load + "VsFloor", 2.5, true);
    }
    ratio(targets, ratios, "burstVsParallelConsumer", 1.0, false);
    ratio(targets, ratios, "burstVsFloor", 0.75, false);
    ratio(targets, ratios, "cpuPerCancelVsFloor", 1.8, true);
    ratio(targets, ratios, "recordsPerCancel", 8, true);
    ratio(targets, ratios, "bytesPerCancel", 2_000, true);
    ratio(targets, ratios, "requestsPerCancelAt100", 9, true);
    committed(targets, figures, "300", 150);
    committed(targets, figures, "1000", 300);
    add(
        targets,
        "read_uncommitted outcome at 300/s, p99 ms above the venue's latency",
        figures.median(
            Variant.COUNTERMAND, "300", m -> m.toResultUncommitted().p99() - m.venueLatencyMs()),
        50);
    return targets;
  }

  private static void committed(
      List<BenchTarget> targets, MedianFigures figures, String load, double milliseconds) {
    add(
        targets,
        "read_committed outcome at " + load + "/s, p99 ms above the venue's latency",
        figures.median(Variant.COUNTERMAND, load, m -> m.toResult().p99() - m.venueLatencyMs()),
        milliseconds);
  }

  private static void ratio(
      List<BenchTarget> targets,
      Map<String, Double> ratios,
      String name,
      double limit,
      boolean most) {
    Double figure = ratios.get(name);
    if (figure != null) {
      targets.add(
          new BenchTarget(name, figure, limit, most, most ? figure <= limit : figure >= limit));
    }
  }

  private static void add(
      List<BenchTarget> targets, String what, OptionalDouble figure, double limit) {
    figure.ifPresent(
        value ->
            targets.add(
                new BenchTarget(what, Math.round(value * 10) / 10.0, limit, true, value <= limit)));
  }
}
