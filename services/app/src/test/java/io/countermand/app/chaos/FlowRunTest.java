package io.countermand.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.IntentPublisher;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flows against the module's pipeline, over Kafka and HTTP only; three at once, each with ids of
 * its own, since each takes as long as its script says.
 */
@Tag("pipeline")
@Tag("front") // infra/compose/ci
@ExtendWith(PipelineAccess.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlowRunTest {

  private static final Map<String, String> VENUES =
      Map.of("crosstrade", "crosstrade", "crosstrade-ws", "crosstrade-ws", "cadenza", "cadenza");

  private final PipelineAccess.Stack stack;
  private final long salt = System.nanoTime();
  private final String stranger = FlowNames.of(salt + 1, VENUES).cancel(0) + "-stranger";
  private Future<FlowReport> good;
  private Future<FlowReport> withStranger;
  private Future<FlowReport> ended;

  FlowRunTest(PipelineAccess.Stack stack) {
    this.stack = stack;
  }

  @BeforeAll
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void play(@TempDir Path directory) throws IOException {
    try (var publisher = new IntentPublisher(stack.connection())) {
      publisher.publish(cancel(stranger)).toCompletableFuture().join();
    }
    Path until = Files.createFile(directory.resolve("until"));
    try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
      good = each.submit(() -> flow(salt, 300, null));
      withStranger = each.submit(() -> flow(salt + 1, 20, null));
      ended = each.submit(() -> flow(salt + 2, 1_000_000, until));
    } // all have come to their end
  }

  @Test
  void shouldFindNothingWrongWithAPipelineThatWorks() throws Exception {
    FlowReport report = good.get();
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
  void shouldTellOfAnOutcomeThatNobodyAskedFor() throws Exception {
    FlowReport report = withStranger.get();
    assertThat(report.run().duplicates()).containsExactly(stranger);
    assertThat(report.run().good()).isFalse();
  }

  @Test
  void shouldEndWhenItIsTold() throws Exception {
    assertThat(ended.get().run().intents()).isZero();
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
