package io.countermand.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.countermand.bench.Bench;
import io.countermand.bench.load.Load;
import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.KafkaCost;
import io.countermand.bench.measure.Latencies;
import io.countermand.bench.measure.LogVolume;
import io.countermand.bench.measure.Measured;
import io.countermand.bench.measure.ProcessUsage;
import io.countermand.bench.measure.Processors;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

public class FiguresTest {

  @Test
  void shouldTellExactPercentiles() {
    // Given
    long[] micros = LongStream.rangeClosed(1, 1000).map(i -> i * 1000).toArray();
    // When
    Latencies latencies = Latencies.of(micros);
    // Then
    assertThat(latencies).isEqualTo(new Latencies(500, 900, 990, 999, 1000));
  }

  @Test
  void shouldTellNothingOfNoSample() {
    assertThat(Latencies.of(new long[0])).isEqualTo(new Latencies(0, 0, 0, 0, 0));
  }

  @Test
  void shouldCompareWithinEachPair() {
    // Given a machine that was ten times slower in the second pair
    var figures =
        new MedianFigures(
            List.of(
                measured(1, Variant.FLOOR, 10),
                measured(1, Variant.COUNTERMAND, 20),
                measured(2, Variant.FLOOR, 100),
                measured(2, Variant.COUNTERMAND, 220),
                measured(3, Variant.FLOOR, 10),
                measured(3, Variant.COUNTERMAND, 30)));
    // When
    var ratios = Ratios.of(figures);
    // Then
    assertThat(ratios)
        .containsEntry("p99ToVenueAt300VsFloor", 2.2)
        .containsEntry("cpuPerCancelVsFloor", 2.2)
        .doesNotContainKey("p99ToVenueAt300VsParallelConsumer");
  }

  @Test
  void shouldLeaveOutWhatIsNotValid() {
    // Given
    var figures =
        new MedianFigures(
            List.of(
                measured(1, Variant.FLOOR, 10), measured(1, Variant.COUNTERMAND, 20, "1 missing")));
    // When
    var ratios = Ratios.of(figures);
    // Then
    assertThat(ratios).isEmpty();
  }

  @Test
  void shouldCountLossesOfWhatIsNotValid() {
    // Given
    var report =
        BenchReport.of(
            Map.of(),
            List.of(
                measured(1, Variant.PARALLEL_CONSUMER, 10),
                measured(2, Variant.PARALLEL_CONSUMER, 10, "1 calls missing")),
            Map.of(),
            null);
    // Then
    assertThat(CallLosses.of(List.of(measured(1, Variant.FLOOR, 10, "a", "b"))))
        .containsExactly(entry("floor", new CallLosses(100, 2, 4)));
    assertThat(report.text())
        .containsPattern("parallel-consumer +200 intents: 1 orders never called, 2 calls beyond");
  }

  @Test
  void shouldSayWhichTargetsAreMet() {
    // Given
    var figures =
        new MedianFigures(
            List.of(measured(1, Variant.FLOOR, 10), measured(1, Variant.COUNTERMAND, 21)));
    // When
    List<BenchTarget> targets = BenchTarget.of(Ratios.of(figures), figures);
    // Then
    assertThat(targets)
        .filteredOn(target -> target.what().endsWith("VsFloor"))
        .extracting(BenchTarget::what, BenchTarget::met)
        .containsExactly(
            tuple("p99ToVenueAt300VsFloor", false),
            tuple("p50ToVenueAt300VsFloor", true),
            tuple("cpuPerCancelVsFloor", false));
  }

  @Test
  void shouldTellItsOwnFigures() {
    // Given three pairs at three loads, and a peer of which nothing of that counts
    var figures =
        new MedianFigures(
            List.of(
                measured(1, Variant.FLOOR, "300", 7, cost(1, 1)),
                measured(1, Variant.COUNTERMAND, "100", 20, cost(11, 12)),
                measured(1, Variant.COUNTERMAND, "300", 30, cost(9, 6)),
                measured(2, Variant.COUNTERMAND, "300", 40, cost(10, 7)),
                measured(3, Variant.COUNTERMAND, "300", 35, cost(8, 8)),
                measured(1, Variant.FLOOR, "1000", 25, cost(1, 1)),
                measured(1, Variant.COUNTERMAND, "1000", 50, cost(7, 2))));
    // When
    var ratios = Ratios.of(figures);
    // Then
    assertThat(ratios)
        .containsEntry("outcomeCommittedP99At300", 35.0)
        .containsEntry("outcomeCommittedP99At1000", 50.0)
        .containsEntry("p50ToVenueAt1000VsFloor", 2.0)
        .containsEntry("recordsPerCancel", 9.0)
        .containsEntry("requestsPerCancel", 12.0)
        .containsEntry("requestsPerCancelAt100", 12.0)
        .containsEntry("requestsPerCancelAt300", 7.0);
    assertThat(BenchTarget.of(ratios, figures))
        .extracting(BenchTarget::what, BenchTarget::met)
        .contains(tuple("recordsPerCancel", false), tuple("requestsPerCancelAt100", false));
  }

  @Test
  void shouldTellRequestsAtTheLoadThatThereIs() {
    // Given
    var figures =
        new MedianFigures(List.of(measured(1, Variant.COUNTERMAND, "300", 30, cost(9, 6))));
    // Then
    assertThat(Ratios.of(figures)).containsEntry("requestsPerCancel", 6.0);
  }

  @Test
  void shouldSpreadASteadyLoadEvenly() {
    // Given
    Load load = Load.of("300", Duration.ofSeconds(2));
    // Then
    assertThat(load.count()).isEqualTo(600);
    assertThat(load.due(0)).isZero();
    assertThat(load.due(300)).isEqualTo(1_000_000);
  }

  @Test
  void shouldReadWhatLinuxTells() {
    // Given
    String stat = "42 (a) b) S 1 1 1 0 -1 4194304 9 0 0 0 150 50 7 7 20 0 1 0 1";
    String status = "Name:\tjava\nVmHWM:\t    2048 kB\nVmRSS:\t 1024 kB\n";
    // Then
    assertThat(ProcessUsage.cpuSeconds(stat)).isEqualTo(2);
    assertThat(ProcessUsage.peakMegabytes(status)).isEqualTo(2);
    assertThat(ProcessUsage.ofCompiler(stat)).isFalse();
    assertThat(ProcessUsage.ofCompiler("43 (C2 CompilerThre) S 1")).isTrue();
  }

  @Test
  void shouldTellWhatTheHostTook() {
    // Given
    var before = Processors.of("cpu  100 0 50 800 0 0 0 50 7 7\ncpu0 1 2 3\n");
    // When
    var after = Processors.of("cpu  130 0 60 850 0 0 0 60 9 9\ncpu0 1 2 3\n");
    // Then
    assertThat(after.stolenSince(before)).isEqualTo(10);
  }

  @Test
  void shouldWarmUpUntilTheCompilersAreDone() {
    assertThat(Bench.compiled(0.5)).isFalse();
    assertThat(Bench.compiled(0.05)).isTrue();
    assertThat(Bench.compiled(-3)).as("a compiler's thread has ended").isFalse();
  }

  @Test
  void shouldSeeThisProcesssCompilers() throws Exception {
    assertThat(ProcessUsage.of(List.of(ProcessHandle.current().pid())).compilerSeconds())
        .isPositive();
  }

  private static KafkaCost cost(double records, long requests) {
    var written = new LogVolume(records, 0, 0, 0, 0, 0, 0, new TreeMap<>());
    return KafkaCost.of(written, Map.of("Produce", requests), 0, 1);
  }

  private static Measured measured(int pair, Variant variant, double figure, String... problems) {
    return measured(pair, variant, "300", figure, cost(2, 2), problems);
  }

  public static Measured measured(
      int pair, Variant variant, String load, double figure, KafkaCost cost, String... problems) {
    var latencies = new Latencies(figure, figure, figure, figure, figure);
    return new Measured(
        pair,
        variant.label(),
        load,
        100,
        5,
        List.of(problems),
        new TreeMap<>(),
        100,
        latencies,
        new Latencies(1, 1, figure, 1, 1),
        new Latencies(1, 1, 1, 1, 1),
        1,
        1,
        100,
        100,
        latencies,
        figure,
        1,
        1,
        1,
        1,
        1,
        0,
        problems.length,
        2 * problems.length,
        new TreeMap<>(),
        cost);
  }
}
