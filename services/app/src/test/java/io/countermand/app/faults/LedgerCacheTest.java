package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.IntentPublisher;
import io.countermand.kafka.client.OutcomeReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What changes in an order between two commits of the ledger is written once. Roles, broker and
 * registry of its own: with few commits, what is written once for each of them can be told from
 * what is written once for each change.
 */
@Tag("long")
class LedgerCacheTest {

  private static final int WARMING_UP = 1_000;
  private static final int COUNTED = 500;

  /** Half-way between once for each commit and once for each change. */
  private static final long MOST = COUNTED * 3L / 2;

  /** A slow machine may miss the time between two commits now and then. */
  private static final int ROUNDS = 20;

  @TempDir Path data;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void shouldWriteAnOrderOncePerCommit() throws Exception {
    // Given
    try (InVmStack stack = InVmStack.start(options());
        var publisher = new IntentPublisher(stack.connection());
        var reader = OutcomeReader.fromBeginning(stack.connection())) {
      refused(WARMING_UP, publisher, reader);
      // When: two changes each, the intent and the desk's refusal
      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS && least > MOST; round++) {
        long before = written(stack);
        refused(COUNTED, publisher, reader);
        least = Math.min(least, written(stack) - before);
      }
      // Then: in one round at least no commit came between most intents and their refusals
      assertThat(least).isBetween((long) COUNTED, MOST);
    }
  }

  private LocalStack.Options options() {
    return new LocalStack.Options(
        data,
        0,
        0,
        Map.of("cadenza", "cadenza"),
        "5ms",
        true,
        Map.of(
            "COUNTERMAND_HTTP_PORT", "none",
            "COUNTERMAND_TOPICS_PARTITIONS", "1",
            "COUNTERMAND_LEDGER_THREADS", "1",
            "COUNTERMAND_LEDGER_COMMIT_EVERY", "5s"));
  }

  /** Cancels of that many orders of a venue that is not configured; all have their outcomes. */
  private static void refused(int count, IntentPublisher publisher, OutcomeReader reader) {
    Set<String> waiting = new HashSet<>();
    for (int i = 0; i < count; i++) {
      var intent = Pipeline.intent(new OrderRef("nowhere", "Sim101", Pipeline.id()));
      waiting.add(intent.cancelId());
      publisher.publish(intent);
    }
    Awaitility.await("outcomes of refused cancels")
        .atMost(Duration.ofSeconds(120))
        .until(
            () -> {
              reader
                  .poll(Duration.ofMillis(200))
                  .forEach(read -> waiting.remove(read.outcome().cancel().cancelId()));
              return waiting.isEmpty();
            });
  }

  /** Records in the changelog of the ledger's orders. */
  private static long written(InVmStack stack) {
    var bytes = new ByteArrayDeserializer();
    var changelog = new TopicPartition("countermand-ledger-ledger-orders-changelog", 0);
    try (var consumer =
        new KafkaConsumer<>(stack.connection().consumer("cache-test"), bytes, bytes)) {
      return consumer.endOffsets(List.of(changelog)).get(changelog);
    }
  }
}
