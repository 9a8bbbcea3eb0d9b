package io.countermand.app.chaos;

import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelProgress;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.Inbox;
import io.countermand.kafka.ownership.LeaseRecords;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All committed progress records of a run, by order. */
record ProgressLog(Map<OrderRef, List<Line>> byOrder, List<Held> leases) {

  /** A desk's lease. */
  record Held(Lease lease, int partition, Instant appended) {}

  /** Whether a lease that stood in the log before covered an intent. */
  boolean leased(Cancel cancel, Instant by) {
    Evidence intent = cancel.intent();
    return leases.stream()
        .anyMatch(
            held ->
                held.partition() == intent.partition()
                    && intent.offset() >= held.lease().fromOffset()
                    && intent.offset() < held.lease().toOffset()
                    && !held.appended().isAfter(by));
  }

  /**
   * @param by who wrote it
   */
  record Line(LedgerEvent.OfCancel event, String by) {}

  static ProgressLog read(KafkaConnection connection) {
    Map<OrderRef, List<Line>> lines = new HashMap<>();
    List<Held> leases = new ArrayList<>();
    try (EventSerdes serdes = connection.serdes()) {
      var inbox = new Inbox<>(serdes.decoder(CancelProgress.class), Duration.ofSeconds(30));
      for (ConsumerRecord<byte[], byte[]> record : records(connection, Topics.PROGRESS)) {
        Lease lease = LeaseRecords.read(record.value(), record.headers());
        if (lease != null) {
          leases.add(new Held(lease, record.partition(), Instant.ofEpochMilli(record.timestamp())));
          continue;
        }
        if (inbox.read(record.topic(), record.value())
            instanceof Decoded.Ok<CancelProgress>(CancelProgress value)) {
          var at = new Evidence(record.topic(), record.partition(), record.offset());
          for (LedgerEvent.OfCancel event : ProgressCodec.events(value, at)) {
            lines
                .computeIfAbsent(event.cancel().order(), order -> new ArrayList<>())
                .add(new Line(event, value.getBy()));
          }
        }
      }
    }
    return new ProgressLog(lines, leases);
  }

  List<Line> of(OrderRef order) {
    return byOrder.getOrDefault(order, List.of());
  }

  /** What a topic holds now. */
  private static List<ConsumerRecord<byte[], byte[]>> records(
      KafkaConnection connection, String topic) {
    Properties settings = connection.consumer("chaos-" + topic);
    settings.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }
}
