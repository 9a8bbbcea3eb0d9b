package io.countermand.bench.measure;

import io.countermand.bench.measure.LogVolume.Read;
import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Counts what lies between two ends of every topic's log; at rest, since it reads all of it. */
public final class LogReader {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private LogReader() {}

  /** By topic, Kafka's own left out: those only grow. */
  public static Map<String, Read> count(
      KafkaConnection connection, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
    Map<TopicPartition, Long> unread = new HashMap<>();
    to.forEach(
        (partition, end) -> {
          if (!partition.topic().startsWith("__") && end > from.getOrDefault(partition, 0L)) {
            unread.put(partition, end);
          }
        });
    Map<String, Read> counts = new HashMap<>();
    Properties settings = connection.consumer("bench-count");
    settings.put("isolation.level", "read_uncommitted");
    settings.put("max.poll.records", "10000");
    settings.put("max.partition.fetch.bytes", "4194304");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(unread.keySet());
      unread
          .keySet()
          .forEach(partition -> consumer.seek(partition, from.getOrDefault(partition, 0L)));
      long giveUp = System.nanoTime() + PATIENCE.toNanos();
      while (!unread.isEmpty()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          var partition = new TopicPartition(record.topic(), record.partition());
          if (record.offset() < to.getOrDefault(partition, 0L)) {
            Read before = counts.getOrDefault(record.topic(), new Read(0, 0));
            counts.put(record.topic(), before.plus(record.key() != null));
          }
        }
        unread.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        if (System.nanoTime() > giveUp) {
          throw new IllegalStateException(
              "the logs cannot be read to their ends: " + unread.keySet());
        }
      }
    }
    return counts;
  }
}
