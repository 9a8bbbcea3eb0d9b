package io.countermand.observe;

import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Set;

/** Which of the metrics of Kafka's clients are shown: those that tell an operator something. */
final class KafkaMeterFilter {

  private static final Set<String> NAMES =
      Set.of(
          "kafka.consumer.coordinator.assigned.partitions",
          "kafka.consumer.coordinator.failed.rebalance.total",
          "kafka.consumer.coordinator.last.heartbeat.seconds.ago",
          "kafka.consumer.coordinator.rebalance.latency.max",
          "kafka.consumer.coordinator.rebalance.total",
          "kafka.consumer.fetch.manager.fetch.latency.avg",
          "kafka.consumer.fetch.manager.fetch.latency.max",
          "kafka.consumer.fetch.manager.records.consumed.total",
          "kafka.consumer.share.fetch.manager.acknowledgements.error.total",
          "kafka.consumer.share.fetch.manager.acknowledgements.send.total",
          "kafka.consumer.share.fetch.manager.fetch.total",
          "kafka.consumer.share.fetch.manager.records.consumed.total",
          "kafka.producer.buffer.available.bytes",
          "kafka.producer.record.error.total",
          "kafka.producer.record.retry.total",
          "kafka.producer.record.send.total",
          "kafka.producer.request.latency.avg",
          "kafka.producer.request.latency.max",
          "kafka.stream.alive.stream.threads",
          "kafka.stream.failed.stream.threads",
          "kafka.stream.task.dropped.records.total",
          "kafka.stream.task.restore.remaining.records.total",
          "kafka.stream.thread.commit.latency.avg",
          "kafka.stream.thread.commit.latency.max",
          "kafka.stream.thread.commit.total",
          "kafka.stream.thread.process.latency.avg",
          "kafka.stream.thread.process.latency.max",
          "kafka.stream.thread.process.total");

  static final MeterFilter FILTER =
      MeterFilter.deny(id -> id.getName().startsWith("kafka.") && !NAMES.contains(id.getName()));

  private KafkaMeterFilter() {}
}
