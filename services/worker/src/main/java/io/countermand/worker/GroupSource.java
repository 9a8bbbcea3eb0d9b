package io.countermand.worker;

import io.countermand.kafka.Heartbeats;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.RoleMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer group: partitions are assigned, offsets committed once all before them are done. What
 * is taken stays this worker's, however long it waits for the venue's rate, until it dies.
 */
final class GroupSource implements RequestSource {

  private static final Logger LOG = LoggerFactory.getLogger(GroupSource.class);

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, OffsetAndMetadata> settled = new HashMap<>();

  /** Offsets that are done behind one that was released. */
  private final Map<TopicPartition, Set<Long>> ahead = new HashMap<>();

  /**
   * @param turn how long a batch may wait for the venue between two polls; then it is somebody
   *     else's, too
   */
  GroupSource(
      KafkaConnection connection,
      String topic,
      String client,
      String group,
      int batch,
      Duration turn,
      boolean committed) {
    this.topic = topic;
    Properties settings = connection.consumer(client);
    settings.put("group.id", group);
    settings.put("max.poll.records", Integer.toString(batch));
    settings.putIfAbsent("max.poll.interval.ms", Long.toString(turn.toMillis()));
    settings.put("isolation.level", committed ? "read_committed" : "read_uncommitted");
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(
        List.of(topic),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commitSettled();
            ahead.keySet().removeAll(partitions);
          }
        });
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration within) {
    try {
      consumer.resume(consumer.paused());
      List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
      consumer.poll(within).forEach(taken::add);
      return taken;
    } catch (WakeupException e) {
      return List.of();
    }
  }

  @Override
  public boolean settled(ConsumerRecord<byte[], byte[]> record) {
    return ahead
        .getOrDefault(new TopicPartition(record.topic(), record.partition()), Set.of())
        .contains(record.offset());
  }

  /**
   * From the first released record of a partition on, everything is given again; {@link #settled}
   * tells what was done of it.
   */
  @Override
  public void settle(List<ConsumerRecord<byte[], byte[]>> records, List<Verdict> verdicts) {
    Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
    Map<TopicPartition, Long> again = new HashMap<>();
    for (int i = 0; i < records.size(); i++) {
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      var partition = new TopicPartition(record.topic(), record.partition());
      if (verdicts.get(i) == Verdict.RELEASE) {
        again.putIfAbsent(partition, record.offset());
      } else if (again.containsKey(partition)) {
        ahead.computeIfAbsent(partition, key -> new HashSet<>()).add(record.offset());
      } else {
        done.put(partition, new OffsetAndMetadata(record.offset() + 1));
      }
    }
    done.forEach(
        (partition, next) ->
            ahead
                .getOrDefault(partition, new HashSet<>())
                .removeIf(offset -> offset < next.offset()));
    again.forEach(
        (partition, offset) -> {
          if (consumer.assignment().contains(partition)) {
            consumer.seek(partition, offset);
          }
        });
    try {
      if (!done.isEmpty()) {
        settled.putAll(done);
        consumer.commitAsync(
            done,
            (offsets, error) -> {
              if (error != null) {
                LOG.atWarn().addKeyValue("error", error.toString()).log("commit failed");
              }
            });
      }
    } catch (CommitFailedException | RebalanceInProgressException e) {
      // Another worker has the partition now and will do these again; markers tell the attempts.
      LOG.atWarn().addKeyValue("error", e.toString()).log("commit came too late");
    }
  }

  @Override
  public void idle() {
    consumer.pause(consumer.assignment());
    consumer.poll(Duration.ZERO);
  }

  @Override
  public boolean joined() {
    return Gauges.positive(consumer.metrics(), "rebalance-total");
  }

  @Override
  public void show(RoleMeters meters) {
    meters.consumer(consumer).lag(topic, consumer::metrics);
  }

  @Override
  public Optional<String> missing() {
    return joined() ? Heartbeats.missing(consumer.metrics()) : Optional.of("not a member yet");
  }

  @Override
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    commitSettled();
    consumer.close();
  }

  /** So that the next owner does not repeat what is done. */
  private void commitSettled() {
    settled.keySet().retainAll(consumer.assignment());
    if (!settled.isEmpty()) {
      try {
        consumer.commitSync(settled, Duration.ofSeconds(5));
      } catch (KafkaException e) {
        LOG.atWarn().addKeyValue("error", e.toString()).log("last commit failed");
      }
      settled.clear();
    }
  }
}
