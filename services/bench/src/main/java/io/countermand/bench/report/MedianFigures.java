package io.countermand.bench.report;

import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.Measured;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Medians over the pairs of a run. Runs that are not valid count nowhere. */
record MedianFigures(List<Measured> measured) {

  /** Of one variant and load; empty if there is none. */
  OptionalDouble median(Variant variant, String load, ToDoubleFunction<Measured> figure) {
    return median(of(variant, load).stream().mapToDouble(figure).toArray());
  }

  /**
   * The median of the ratios within each pair, rather than the ratio of the medians: what disturbs
   * the machine for a while then disturbs both.
   */
  OptionalDouble ratio(
      Variant above, Variant below, String load, ToDoubleFunction<Measured> figure) {
    List<Double> ratios = new ArrayList<>();
    for (Measured one : of(above, load)) {
      of(below, load).stream()
          .filter(other -> other.pair() == one.pair() && figure.applyAsDouble(other) > 0)
          .forEach(other -> ratios.add(figure.applyAsDouble(one) / figure.applyAsDouble(other)));
    }
    return median(ratios.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** CPU of all loads together, per intent. */
  OptionalDouble cpuRatio(Variant above, Variant below) {
    int pairs = measured.stream().mapToInt(Measured::pair).max().orElse(0);
    return median(
        IntStream.rangeClosed(1, pairs)
            .filter(pair -> intents(above, pair) > 0 && intents(below, pair) > 0)
            .mapToDouble(pair -> cpu(above, pair) / cpu(below, pair))
            .toArray());
  }

  private double cpu(Variant variant, int pair) {
    return of(variant, pair).stream().mapToDouble(m -> m.cpuPer1000() * m.intents()).sum()
        / intents(variant, pair);
  }

  private long intents(Variant variant, int pair) {
    return of(variant, pair).stream().mapToLong(Measured::intents).sum();
  }

  private List<Measured> of(Variant variant, int pair) {
    return measured.stream()
        .filter(m -> m.valid() && m.pair() == pair && m.variant().equals(variant.label()))
        .toList();
  }

  private List<Measured> of(Variant variant, String load) {
    return measured.stream()
        .filter(m -> m.valid() && m.load().equals(load) && m.variant().equals(variant.label()))
        .toList();
  }

  static OptionalDouble median(double... values) {
    if (values.length == 0) {
      return OptionalDouble.empty();
    }
    double[] sorted = Objects.requireNonNull(values).clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }
}
