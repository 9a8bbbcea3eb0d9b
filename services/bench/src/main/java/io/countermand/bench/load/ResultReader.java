package io.countermand.bench.load;

import io.countermand.bench.measure.ClientRequests;
import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads a result topic on a thread of its own and notes when each record can be read. */
public final class ResultReader implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Predicate<byte[]> wanted;
  private final Thread thread;
  private volatile @Nullable Watch watch;
  private volatile boolean closed;

  /** What is read, of one load. */
  public static final class Watch {

    private final IntentBatch batch;
    private final ArrivalTimes sightings;
    private final byte[][] values;

    private Watch(IntentBatch batch) {
      this.batch = batch;
      this.sightings = new ArrivalTimes(batch.size());
      this.values = new byte[batch.size()][];
    }

    public ArrivalTimes sightings() {
      return sightings;
    }

    /** Null where none came; at rest only. */
    public byte[][] values() {
      return values;
    }

    private void note(ConsumerRecord<byte[], byte[]> record, long now) {
      Integer index = batch.indexOf(record.key());
      if (index != null) {
        values[index] = record.value();
        sightings.see(index, now);
      }
    }
  }

  /** Reads only what comes from now on. */
  public ResultReader(KafkaConnection connection, String topic, boolean committed) {
    this(connection, topic, committed, value -> true);
  }

  /**
   * @param wanted whether a value is a result; called by its own thread
   */
  public ResultReader(
      KafkaConnection connection, String topic, boolean committed, Predicate<byte[]> wanted) {
    this.wanted = wanted;
    Properties settings = connection.consumer("bench-" + (committed ? "committed" : "all"));
    settings.put("isolation.level", committed ? "read_committed" : "read_uncommitted");
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position); // seeks are lazy
    this.thread = Thread.ofPlatform().name("results").daemon().start(this::read);
  }

  /** From now on, notes the results of this load. */
  public Watch watch(IntentBatch batch) {
    var next = new Watch(batch);
    watch = next;
    return next;
  }

  /** Sent to the broker since it began. */
  public double requests() {
    return ClientRequests.of(consumer.metrics());
  }

  private void read() {
    while (!closed) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
      long now = ArrivalTimes.now();
      Watch current = watch;
      if (current != null) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
          if (wanted.test(record.value())) {
            current.note(record, now);
          }
        }
      }
    }
    consumer.close();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
