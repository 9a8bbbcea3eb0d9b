package io.countermand.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.domain.Intent;
import io.countermand.kafka.client.OutcomeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo's own flows, through the module's pipeline. */
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
@Timeout(value = 8, unit = TimeUnit.MINUTES)
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
    Demo.Prepared flow = Demo.generated(600, 200, seed, stack.venues());
    while (!ofEveryKind(flow.flow())) {
      seed++;
      flow = Demo.generated(600, 200, seed, stack.venues());
    }
    // When
    DemoReport report = run(flow);
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
    DemoReport report = run(market);
    // Then: 170 deletions, 41 orders executed in full and cancelled too late
    assertThat(report.missing()).isZero();
    assertThat(report.duplicates()).isZero();
    assertThat(report.byResult()).isEqualTo(Map.of("CANCELED", 170L, "REJECTED", 41L));
    assertThat(report.byReason()).containsEntry("ORDER_FILLED", 41L);
    // What the table does not know yet is told by the venue: as true, and later.
    assertThat(report.earlyRejected()).isBetween(1L, 41L);
    assertThat(report.callsForTerminal()).isZero();
  }

  /** One seed in 150 makes a flow without one of the rarer kinds. */
  private static boolean ofEveryKind(Flow flow) {
    List<Intent> intents =
        flow.steps().stream()
            .filter(FlowStep.Send.class::isInstance)
            .map(step -> ((FlowStep.Send) step).intent())
            .toList();
    return intents.stream().anyMatch(intent -> intent.order().orderId().isEmpty())
        && intents.stream().anyMatch(intent -> intent.order().venue().equals("nowhere"))
        && intents.stream()
            .anyMatch(
                intent -> intent.deadline() != null && intent.deadline().isBefore(Instant.now()));
  }

  private DemoReport run(Demo.Prepared flow) throws InterruptedException, IOException {
    var first = new AtomicReference<OutcomeReader.@Nullable Read>();
    DemoReport report =
        Demo.run(
            flow,
            stack.connection(),
            stack.simulator(),
            Duration.ofSeconds(75),
            new Demo.Screen(
                read -> assertThat(first.getAndSet(read)).isNull(),
                line -> {},
                picture -> {},
                () -> false));
    assertThat(first).hasValueMatching(Objects::nonNull);
    return report;
  }
}
