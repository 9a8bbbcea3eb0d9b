package io.countermand.bench.report;

import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.Measured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The report as pictures: file name and SVG of each. Medians of the pairs. */
final class BenchCharts {

  private BenchCharts() {}

  static Map<String, String> of(MedianFigures figures) {
    Map<String, String> charts = new LinkedHashMap<>();
    for (String load : List.of("300", "1000")) {
      put(
          charts,
          "to-venue-" + load + ".svg",
          chart(
              "From intent to its request at the venue, at " + load + "/s",
              "ms",
              List.of("p50", "p99"),
              figures,
              load,
              List.of(m -> m.toVenue().p50(), m -> m.toVenue().p99())));
    }
    put(
        charts,
        "outcome-300.svg",
        chart(
            "From intent to its result, at 300/s, venue latency 5 ms",
            "ms",
            List.of("read_uncommitted p99", "read_committed p99"),
            figures,
            "300",
            List.of(m -> m.toResultUncommitted().p99(), m -> m.toResult().p99())));
    put(
        charts,
        "burst.svg",
        chart(
            "10,000 at once, venue latency 50 ms, 256 in flight",
            "per second",
            List.of("calls", "results"),
            figures,
            "burst",
            List.of(Measured::callsPerSecond, Measured::intentsPerSecond)));
    put(
        charts,
        "burst-terminal.svg",
        chart(
            "The same, 30% of the orders executed before",
            "per second",
            List.of("results"),
            figures,
            "burst-terminal",
            List.of(Measured::intentsPerSecond)));
    put(
        charts,
        "cpu.svg",
        chart(
            "CPU per 1,000 cancels at 300/s",
            "seconds",
            List.of("variant", "broker"),
            figures,
            "300",
            List.of(Measured::cpuPer1000, Measured::brokerCpuPer1000)));
    return charts;
  }

  private static void put(Map<String, String> charts, String file, BarChart chart) {
    if (!chart.groups().isEmpty()) {
      charts.put(file, chart.svg());
    }
  }

  private static BarChart chart(
      String title,
      String unit,
      List<String> series,
      MedianFigures figures,
      String load,
      List<ToDoubleFunction<Measured>> columns) {
    List<BarChart.Group> groups = new ArrayList<>();
    for (Variant variant : Variant.values()) {
      List<Double> values = new ArrayList<>();
      for (ToDoubleFunction<Measured> column : columns) {
        OptionalDouble median = figures.median(variant, load, column);
        median.ifPresent(values::add);
      }
      if (values.size() == columns.size()) {
        groups.add(new BarChart.Group(variant.label(), values));
      }
    }
    return new BarChart(title, unit, series, groups);
  }
}
