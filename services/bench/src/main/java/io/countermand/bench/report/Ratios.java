package io.countermand.bench.report;

import static io.countermand.bench.load.Variant.COUNTERMAND;
import static io.countermand.bench.load.Variant.FLOOR;
import static io.countermand.bench.load.Variant.PARALLEL_CONSUMER;

import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.Measured;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Countermand's figures by those of others, and some of its own as they are (milliseconds, records,
 * requests, bytes); what was not run is left out.
 */
final class Ratios {

  private static final List<String> STEADY = List.of("300", "1000");
  private static final List<String> REQUESTS = List.of("100", "300");
  private static final List<String> BURSTS = List.of("burst", "burst-terminal");

  private Ratios() {}

  static Map<String, Double> of(MedianFigures figures) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (String load : STEADY) {
      for (Variant other : List.of(PARALLEL_CONSUMER, FLOOR)) {
        String ending = "ToVenueAt" + load + "Vs" + name(other);
        put(
            ratios,
            "p99" + ending,
            figures.ratio(COUNTERMAND, other, load, m -> m.toVenue().p99()));
        put(
            ratios,
            "p50" + ending,
            figures.ratio(COUNTERMAND, other, load, m -> m.toVenue().p50()));
      }
    }
    for (String load : BURSTS) {
      String begin = load.equals("burst") ? "burst" : "burstTerminal";
      for (Variant other : List.of(PARALLEL_CONSUMER, FLOOR)) {
        put(
            ratios,
            begin + "Vs" + name(other),
            figures.ratio(COUNTERMAND, other, load, Measured::callsPerSecond));
        put(
            ratios,
            begin + "ResultsVs" + name(other),
            figures.ratio(COUNTERMAND, other, load, Measured::intentsPerSecond));
      }
    }
    put(ratios, "cpuPerCancelVsFloor", figures.cpuRatio(COUNTERMAND, FLOOR));
    put(ratios, "cpuPerCancelVsParallelConsumer", figures.cpuRatio(COUNTERMAND, PARALLEL_CONSUMER));
    for (String load : STEADY) {
      put(
          ratios,
          "outcomeCommittedP99At" + load,
          figures.median(COUNTERMAND, load, m -> m.toResult().p99()));
    }
    put(
        ratios,
        "recordsPerCancel",
        figures.median(COUNTERMAND, "300", m -> m.kafka().recordsPerCancel()));
    put(ratios, "bytesPerCancel", figures.median(COUNTERMAND, "300", Measured::bytesPerIntent));
    requests(ratios, figures);
    return ratios;
  }

  /**
   * What a cancel that comes alone costs: at 100/s, where that was run, since at higher loads
   * cancels share requests.
   */
  private static void requests(Map<String, Double> ratios, MedianFigures figures) {
    for (String load : REQUESTS) {
      OptionalDouble each = figures.median(COUNTERMAND, load, m -> m.kafka().requestsPerCancel());
      if (!ratios.containsKey("requestsPerCancel")) {
        put(ratios, "requestsPerCancel", each);
      }
      put(ratios, "requestsPerCancelAt" + load, each);
    }
  }

  private static String name(Variant variant) {
    return variant == FLOOR ? "Floor" : "ParallelConsumer";
  }

  private static void put(Map<String, Double> ratios, String name, OptionalDouble ratio) {
    ratio.ifPresent(value -> ratios.put(name, Math.round(value * 1000) / 1000.0));
  }
}
