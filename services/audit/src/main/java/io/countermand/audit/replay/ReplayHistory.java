package io.countermand.audit.replay;

import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** A topic's committed records of a range, by time over all partitions. One thread. */
final class ReplayHistory implements AutoCloseable {

  private static final int MOST_WAITING = 2000;

  /** Of one look for the next position; the patience holds for all of them. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ReplayTimeouts patience;
  private final Map<TopicPartition, Long> first = new HashMap<>();
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private final Map<TopicPartition, Long> ends =
      new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
  private final Map<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> waiting =
      new HashMap<>();

  ReplayHistory(KafkaConnection connection, Replay.Options options) {
    Properties settings = ReplayTimeouts.consumer(connection, "replay");
    settings.put("isolation.level", "read_committed");
    settings.put("auto.offset.reset", "none");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    patience = new ReplayTimeouts(settings);
    boolean good = false;
    try {
      seek(options);
      good = true;
    } finally {
      if (!good) {
        close();
      }
    }
  }

  private void seek(Replay.Options options) {
    if (!consumer.listTopics().containsKey(options.topic())) {
      throw new IllegalArgumentException("there is no topic " + options.topic());
    }
    List<TopicPartition> partitions =
        consumer.partitionsFor(options.topic()).stream()
            .map(p -> new TopicPartition(p.topic(), p.partition()))
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> last = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
    partitions.forEach(
        p -> {
          long end = last.getOrDefault(p, 0L);
          next.put(p, at(p, options.from(), starts.getOrDefault(p, 0L), end));
          ends.put(p, at(p, options.to(), end, end));
          waiting.put(p, new ArrayDeque<>());
        });
    first.putAll(next);
    if (left() == 0) {
      throw new IllegalArgumentException(
          "nothing to replay: " + options.topic() + " has no record in that time");
    }
    assign();
  }

  private long at(TopicPartition partition, @Nullable Instant time, long otherwise, long end) {
    if (time == null) {
      return otherwise;
    }
    @Nullable OffsetAndTimestamp found =
        consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli())).get(partition);
    return found == null ? end : found.offset();
  }

  private void assign() {
    consumer.assign(next.keySet());
    next.forEach(consumer::seek);
  }

  int partitions() {
    return next.size();
  }

  /** Oldest time that is to be replayed; null: not known. */
  @Nullable Instant oldest() {
    ConsumerRecord<byte[], byte[]> first = peek(() -> {});
    return first == null ? null : Instant.ofEpochMilli(first.timestamp());
  }

  /**
   * Goes on behind what was replayed before.
   *
   * @param done by partition, the last offset that is there
   */
  void skip(Map<Integer, Long> done) {
    first.forEach(
        (p, from) -> next.put(p, Math.max(from, done.getOrDefault(p.partition(), -1L) + 1)));
    waiting.values().forEach(Deque::clear);
    assign();
  }

  /** Offsets left; some of them may be marks of transactions and not records. */
  long left() {
    long left = 0;
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      left += Math.max(0, end.getValue() - next.getOrDefault(end.getKey(), 0L));
    }
    return left;
  }

  /**
   * Null: that was all.
   *
   * @param beforeWait before Kafka is asked, for that may take longer than a transaction may be
   *     open
   * @throws TimeoutException if Kafka has given nothing for too long
   */
  @Nullable ConsumerRecord<byte[], byte[]> next(Runnable beforeWait) {
    ConsumerRecord<byte[], byte[]> oldest = peek(beforeWait);
    if (oldest != null) {
      var of = new TopicPartition(oldest.topic(), oldest.partition());
      var _ = queue(of).poll();
    }
    return oldest;
  }

  private @Nullable ConsumerRecord<byte[], byte[]> peek(Runnable beforeWait) {
    patience.begin();
    while (true) {
      boolean whole = true;
      ConsumerRecord<byte[], byte[]> oldest = null;
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        ConsumerRecord<byte[], byte[]> head = queue(end.getKey()).peek();
        if (head == null) {
          whole &= next.getOrDefault(end.getKey(), 0L) >= end.getValue();
        } else if (oldest == null || head.timestamp() < oldest.timestamp()) {
          oldest = head;
        }
      }
      if (whole) {
        return oldest;
      }
      beforeWait.run();
      patience.heard(poll());
    }
  }

  /** Whether it came further. */
  private boolean poll() {
    List<TopicPartition> full = new ArrayList<>();
    List<TopicPartition> hungry = new ArrayList<>();
    ends.forEach(
        (p, end) -> {
          boolean enough = queue(p).size() >= MOST_WAITING || next.getOrDefault(p, 0L) >= end;
          (enough ? full : hungry).add(p);
        });
    consumer.pause(full);
    consumer.resume(hungry);
    boolean further = false;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(LOOK)) {
      var of = new TopicPartition(record.topic(), record.partition());
      if (record.offset() < ends.getOrDefault(of, 0L)) {
        queue(of).add(record);
      }
    }
    for (TopicPartition p : hungry) {
      long before = next.getOrDefault(p, 0L);
      long now = position(p, before);
      next.put(p, now);
      further |= now != before;
    }
    return further;
  }

  /** A partition without a leader does not tell. */
  private long position(TopicPartition partition, long before) {
    try {
      return consumer.position(partition, LOOK);
    } catch (TimeoutException e) {
      return before;
    }
  }

  private Deque<ConsumerRecord<byte[], byte[]>> queue(TopicPartition of) {
    return waiting.computeIfAbsent(of, any -> new ArrayDeque<>());
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(ReplayTimeouts.CLOSE));
  }
}
