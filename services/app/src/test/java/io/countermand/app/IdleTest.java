package io.countermand.app;

import io.countermand.domain.Intent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When nobody cancels anything, desk and ledger have nothing to commit. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class IdleTest {

  private static final String OFFSETS = "__consumer_offsets";

  /** A clock that ticks every 20 ms in the ledger wrote 88 to 109 in that time. */
  private static final Duration WHILE = Duration.ofSeconds(3);

  private static final long FEW = 60;

  private final Pipeline pipeline;

  IdleTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldCommitNothingWhenThereIsNothing() throws Exception {
    // Given all parts at work
    Intent intent = Pipeline.intent(pipeline.place("cadenza"));
    pipeline.publish(intent);
    pipeline.await(intent.cancelId());
    // Then it becomes quiet
    try (Admin admin = Admin.create(pipeline.stack().connection().admin("idle"))) {
      var before = new AtomicLong(records(admin));
      Awaitility.await("few offsets committed")
          .atMost(Duration.ofMinutes(2)) // others' cancels may still be open
          .pollDelay(WHILE)
          .pollInterval(WHILE)
          .until(
              () -> {
                long now = records(admin);
                return now - before.getAndSet(now) < FEW;
              });
    }
  }

  private static long records(Admin admin) throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    admin
        .describeTopics(List.of(OFFSETS))
        .allTopicNames()
        .get()
        .get(OFFSETS)
        .partitions()
        .forEach(p -> ends.put(new TopicPartition(OFFSETS, p.partition()), OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }
}
