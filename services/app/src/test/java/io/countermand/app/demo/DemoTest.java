package io.countermand.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.PipelineAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo's own flows, through the module's pipeline. */
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
class DemoTest {

  private static final Path RECORDING =
      Path.of("../../../shared/market-data/aapl-2012-06-21-message.csv");

  private final PipelineAccess.Stack stack;

  DemoTest(PipelineAccess.Stack stack) {
    this.stack = stack;
  }

  @Test
  void shouldAnswerEveryIntentOfAGeneratedFlowOnce() throws Exception {
    // Given
    long seed = System.nanoTime();
    Map<String, String> venues = stack.venues();
    // When
    Report report = run(Demo.generated(600, 200, seed, venues));
    // Then
    assertThat(report.missingIds()).as("seed " + seed).isEmpty();
    assertThat(report.duplicates()).as("seed " + seed).isZero();
    assertThat(report.intents()).isEqualTo(600);
    assertThat(report.byResult().values().stream().mapToLong(n -> n).sum()).isEqualTo(600);
    assertThat(report.callsForTerminal()).as("seed " + seed).isZero();
    assertThat(report.earlyRejected()).isPositive();
    assertThat(report.byReason()).containsKeys("MALFORMED", "UNKNOWN_VENUE", "DEADLINE_PASSED");
  }

  @Test
  void shouldReplayARecordedMarket() throws Exception {
    Assumptions.assumeTrue(
        Files.exists(RECORDING), "the recording lies beside the checkout, and it is not there");
    // Given
    Demo.Prepared market = Demo.market(RECORDING, 4, Map.of("crosstrade", "crosstrade"));
    // When
    Report report = run(market);
    // Then: 170 deletions, 41 orders executed in full and cancelled too late
    assertThat(report.missing()).isZero();
    assertThat(report.duplicates()).isZero();
    assertThat(report.byResult()).isEqualTo(Map.of("CANCELED", 170L, "REJECTED", 41L));
    assertThat(report.byReason()).containsEntry("ORDER_FILLED", 41L);
    // What the table does not know yet is told by the venue: as true, and later.
    assertThat(report.earlyRejected()).isBetween(1L, 41L);
    assertThat(report.callsForTerminal()).isZero();
  }

  private Report run(Demo.Prepared flow) throws InterruptedException, IOException {
    return Demo.run(
        flow, stack.connection(), stack.simulator(), line -> {}, line -> {}, () -> false);
  }
}
