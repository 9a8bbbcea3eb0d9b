package io.countermand.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.PipelineAccess;
import io.countermand.client.IntentPublisher;
import io.countermand.domain.Intent;
import io.countermand.domain.OrderRef;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Flows against the module's pipeline, over Kafka and HTTP only; at once, each with ids of its own.
 */
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
class FlowRunTest {

  private static final Map<String, String> VENUES =
      Map.of("crosstrade", "crosstrade", "crosstrade-ws", "crosstrade-ws", "cadenza", "cadenza");

  @TempDir private Path directory = Path.of(".");

  private final PipelineAccess.Stack stack;

  FlowRunTest(PipelineAccess.Stack stack) {
    this.stack = stack;
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldFindNothingWrongWithAPipelineThatWorks() throws Exception {
    // Given
    long salt = System.nanoTime();
    // When
    FlowReport report = flow(salt, 300, null);
    // Then
    assertThat(report.run().good()).as(report.json()).isTrue();
    assertThat(report.run().intents()).isGreaterThanOrEqualTo(300);
    assertThat(report.run().outcomes()).isEqualTo(report.run().intents());
    assertThat(report.gaps().longestMsByVenue()).containsOnlyKeys(VENUES.keySet());
    assertThat(report.gaps().longestMs())
        .isPositive()
        .isLessThanOrEqualTo(
            report.gaps().longestMsByVenue().values().stream()
                .mapToLong(ms -> ms)
                .max()
                .orElseThrow());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldTellOfAnOutcomeThatNobodyAskedFor() throws Exception {
    // Given
    long salt = System.nanoTime();
    String stranger = Names.of(salt, VENUES).cancel(0) + "-stranger";
    try (var publisher = new IntentPublisher(stack.connection())) {
      publisher.publish(cancel(stranger)).toCompletableFuture().join();
    }
    // When
    FlowReport report = flow(salt, 20, null);
    // Then
    assertThat(report.run().duplicates()).containsExactly(stranger);
    assertThat(report.run().good()).isFalse();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldEndWhenItIsTold() throws Exception {
    // Given
    Path until = Files.createFile(directory.resolve("until"));
    // When
    FlowReport report = flow(System.nanoTime(), 1_000_000, until);
    // Then
    assertThat(report.run().intents()).isZero();
  }

  private FlowReport flow(long salt, int intents, Path until)
      throws IOException, InterruptedException {
    return FlowRun.run(
        new FlowRun.Options(
            intents,
            100,
            until,
            1,
            salt,
            URI.create("http://127.0.0.1:" + stack.simulator().port()),
            VENUES,
            stack.rules(),
            null),
        stack.connection(),
        line -> {},
        line -> {},
        () -> false);
  }

  private static Intent cancel(String cancelId) {
    var order = new OrderRef("crosstrade", "Sim101", "%032x".formatted(System.nanoTime()));
    return new Intent(
        cancelId, order, null, null, null, null, false, true, null, Map.of(), Instant.now());
  }
}
