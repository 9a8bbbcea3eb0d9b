package io.countermand.bench.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.countermand.bench.measure.Measured;
import io.countermand.bench.measure.VenueRates;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that was measured, and what it comes to. */
public final class BenchReport {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Content content;

  private record Content(
      Map<String, String> machine,
      int pairs,
      boolean valid,
      @Nullable String endedEarly,
      Map<String, Double> ratios,
      List<BenchTarget> targets,
      Map<String, CallLosses> losses,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, VenueRates> defaultRates,
      List<Measured> measured) {}

  private BenchReport(Content content) {
    this.content = content;
  }

  public static BenchReport of(
      Map<String, String> machine,
      List<Measured> measured,
      Map<String, VenueRates> defaultRates,
      @Nullable String endedEarly) {
    var figures = new MedianFigures(List.copyOf(measured));
    Map<String, Double> ratios = Ratios.of(figures);
    return new BenchReport(
        new Content(
            machine,
            measured.stream().mapToInt(Measured::pair).max().orElse(0),
            endedEarly == null
                && measured.stream().allMatch(Measured::valid)
                && defaultRates.values().stream().allMatch(VenueRates::valid),
            endedEarly,
            ratios,
            BenchTarget.of(ratios, figures),
            CallLosses.of(measured),
            defaultRates,
            figures.measured()));
  }

  /** Whether all was run, and every intent of every run had its call and its result. */
  public boolean valid() {
    return content.valid();
  }

  public String json() {
    return json(content);
  }

  public static String json(Object content) {
    try {
      return JSON.writeValueAsString(content) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The medians as drawn charts: SVG by file name. */
  public Map<String, String> charts() {
    return BenchCharts.of(new MedianFigures(content.measured()));
  }

  /** For people. */
  public String text() {
    String text =
        content.measured().isEmpty()
            ? ""
            : ResultTable.of(
                new MedianFigures(content.measured()), content.targets(), content.losses());
    return content.endedEarly() == null
        ? text
        : text + "\n*** ended early: " + content.endedEarly() + "; this is what there was ***\n";
  }
}
