package io.countermand.app.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import io.countermand.bench.Bench;
import io.countermand.bench.load.BenchOptions;
import io.countermand.bench.report.BenchReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the harness works, on the smallest run there is; figures are no matter of tests. */
@Tag("long")
@Tag("alone")
class BenchTest {

  /**
   * Six are data. A commit after each step, as on a slow machine, adds the desk's row three times
   * and the ledger's page four times; warm and at 300/s it is one of each (docs/performance.md).
   */
  private static final double MOST_RECORDS = 13;

  private static final Pattern RECORDS =
      Pattern.compile("(?s)\"variant\" : \"countermand\".*?\"recordsPerCancel\" : ([0-9.]+)");

  @TempDir Path data;

  /** A peer and ours in one run: the start of a platform is what takes longest. */
  @Test
  void shouldFillStoresBeforeItSeesEachIntentCalledAndAnswered() throws Exception {
    // When
    BenchReport report =
        Bench.run(
            options(List.of("floor", "countermand"), "orders-40", "settled-30", "50"),
            line -> {},
            progress -> {},
            () -> false);
    // Then only the load is a measurement, and what was filled is none of its results
    assertThat(report.valid()).isTrue();
    assertThat(report.text()).contains("floor", "countermand");
    assertThat(report.json())
        .contains("\"Accepted\" : 50", "\"pairs\" : 1", "\"lost\" : 0", "\"doubled\" : 0")
        .contains("\"recordsPerCancel\" : 2.0")
        .containsPattern("\"Produce\" : [1-9]")
        .contains("\"CANCELED CONFIRMED_BY_ORDER_EVENT\" : 50")
        .doesNotContain("settled-30");
    assertThat(recordsPerCancel(report)).isBetween(7.0, MOST_RECORDS);
  }

  /** Of the load through Countermand: data and changelogs. */
  private static double recordsPerCancel(BenchReport report) {
    Matcher found = RECORDS.matcher(report.json());
    assertThat(found.find()).as(report.json()).isTrue();
    return Double.parseDouble(found.group(1));
  }

  @Test
  void shouldCallEachOrderOnceAtTheAdaptersOwnRates() throws Exception {
    // When
    BenchReport report =
        Bench.run(
            options(List.of("countermand"), "default-rates"),
            line -> {},
            progress -> {},
            () -> false);
    // Then
    assertThat(report.valid()).as(report.json()).isTrue();
    assertThat(report.json())
        .containsPattern(
            "(?s)\"tradovate\" : \\{\\s+\"orders\" : 10,\\s+\"called\" : 10,\\s+\"calls\" : 10");
  }

  @Test
  void shouldTellWhatItHasWhenItIsInterrupted() throws Exception {
    // Given somebody who presses Ctrl-C during the second load
    var asked = new AtomicBoolean();
    // When
    BenchReport report =
        Bench.run(
            options(List.of("floor"), "50", "60"),
            line -> {},
            progress -> {
              if (progress.endsWith(": 60")) {
                asked.set(true);
                Thread.currentThread().interrupt();
              }
            },
            asked::get);
    // Then
    assertThat(report.valid()).isFalse();
    assertThat(report.json())
        .contains("\"Accepted\" : 50", "\"endedEarly\" : \"interrupted\"")
        .doesNotContain("\"load\" : \"60\"");
    assertThat(report.text()).contains("ended early: interrupted");
  }

  private BenchOptions options(List<String> variants, String... loads) {
    return new BenchOptions(
        2,
        Duration.ZERO,
        variants,
        List.of(loads),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        50,
        0,
        false,
        List.of("-XX:TieredStopAtLevel=1"),
        1,
        2,
        10,
        data,
        Countermand.class.getName(),
        null);
  }
}
