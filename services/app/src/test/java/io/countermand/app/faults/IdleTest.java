package io.countermand.app.faults;

import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.Intent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When nobody cancels anything, desk and ledger have nothing to do. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class IdleTest {

  private static final String OFFSETS = "__consumer_offsets";

  /** A clock that ticks every 20 ms in the ledger wrote 88 to 109 in that time. */
  private static final Duration WHILE = Duration.ofSeconds(3);

  private static final long FEW = 60;

  /** One that waits 10 ms at the broker fetches 300 times in that time, each thread. */
  private static final double FEW_FETCHES = 120;

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

  @Test
  void shouldFetchLittleWhenThereIsNothing() {
    // Given a ledger that has seen something
    Intent intent = Pipeline.intent(pipeline.place("cadenza"));
    pipeline.publish(intent);
    pipeline.await(intent.cancelId());
    // Then it becomes quiet; in a container of its own it cannot be counted here, and is the same
    var before = new AtomicReference<>(fetches());
    Awaitility.await("few fetches")
        .atMost(Duration.ofMinutes(2))
        .pollDelay(WHILE)
        .pollInterval(WHILE)
        .until(
            () -> {
              double now = fetches();
              return now - before.getAndSet(now) < FEW_FETCHES;
            });
  }

  private static double fetches() {
    double all = 0;
    try {
      var server = ManagementFactory.getPlatformMBeanServer();
      var names =
          new ObjectName(
              "kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*-StreamThread-*");
      for (ObjectName name : server.queryNames(names, null)) {
        if (name.getKeyProperty("client-id").contains("ledger")) {
          all += ((Number) server.getAttribute(name, "fetch-total")).doubleValue();
        }
      }
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
    return all;
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
