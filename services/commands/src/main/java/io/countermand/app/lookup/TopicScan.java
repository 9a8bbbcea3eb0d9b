package io.countermand.app.lookup;

import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads what a topic holds now, committed records only, and ends. One thread. */
public final class TopicScan implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;

  public TopicScan(KafkaConnection connection) {
    Properties settings = connection.consumer("scan");
    settings.put("isolation.level", "read_committed");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * @param since by the records' times; null: all
   */
  public void all(
      String topic, @Nullable Instant since, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    read(partitions(topic), since, each);
  }

  /** Only records under this key. */
  void key(
      String topic,
      String key,
      @Nullable Instant since,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    List<TopicPartition> all = partitions(topic);
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    int partition = new Placement(all.size()).partition(key);
    read(
        List.of(new TopicPartition(topic, partition)),
        since,
        record -> {
          if (Arrays.equals(record.key(), bytes)) {
            each.accept(record);
          }
        });
  }

  /** The record that stands there; null: it is not kept any more. */
  @Nullable ConsumerRecord<byte[], byte[]> one(String topic, int partition, long offset) {
    var from = new TopicPartition(topic, partition);
    if (partitions(topic).stream().noneMatch(from::equals)
        || consumer.beginningOffsets(List.of(from)).getOrDefault(from, 0L) > offset) {
      return null;
    }
    long end = consumer.endOffsets(List.of(from)).getOrDefault(from, 0L);
    consumer.assign(List.of(from));
    consumer.seek(from, offset);
    while (consumer.position(from) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        return record.offset() == offset ? record : null;
      }
    }
    return null;
  }

  private List<TopicPartition> partitions(String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(each -> new TopicPartition(topic, each.partition()))
        .toList();
  }

  private void read(
      List<TopicPartition> partitions,
      @Nullable Instant since,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    if (since == null) {
      consumer.seekToBeginning(partitions);
    } else {
      Map<TopicPartition, Long> times = new HashMap<>();
      partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
      Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
      partitions.forEach(
          partition -> {
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(
                partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
          });
    }
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(Duration.ofMillis(200)).forEach(each);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
