package io.countermand.app.chaos;

import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Evidence;
import io.countermand.domain.LedgerEvent;
import io.countermand.domain.OrderRef;
import io.countermand.events.CancelProgress;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.Inbox;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.time.Duration;
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
record ProgressLog(Map<OrderRef, List<Line>> byOrder) {

  /**
   * @param by who wrote it
   */
  record Line(LedgerEvent.OfCancel event, String by) {}

  static ProgressLog read(KafkaConnection connection) {
    Map<OrderRef, List<Line>> lines = new HashMap<>();
    try (EventSerdes serdes = connection.serdes()) {
      var inbox = new Inbox<>(serdes.decoder(CancelProgress.class), Duration.ofSeconds(30));
      for (ConsumerRecord<byte[], byte[]> record : records(connection, Topics.PROGRESS)) {
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
    return new ProgressLog(lines);
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
