package io.countermand.console.kept;

import io.countermand.client.Connection;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a small compacted topic of ours (kill-switches, venue-pauses) from its beginning: all
 * that stands there, then what comes. Committed records only; also those that cannot be read, since
 * each replaces what stood under its key. Without a consumer group. Thread-safe.
 */
public final class CompactedTopic<T extends SpecificRecord> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CompactedTopic.class);
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(3);
  private static final Duration STALE = Duration.ofSeconds(15);
  private static final Duration WITHIN = Duration.ofSeconds(15);

  private final String topic;
  private final EventSerdes serdes;
  private final EventDecoder<T> decoder;
  private final Consumer<byte[], byte[]> consumer;
  private final java.util.function.Consumer<Entry<T>> to;
  private final Thread thread;
  private Map<TopicPartition, Long> end = Map.of();
  private long asked;
  private volatile long reached;
  private volatile boolean caughtUp;
  private volatile boolean closed;

  /**
   * A record, readable or not.
   *
   * @param key as text; empty: it has none
   */
  public record Entry<T extends SpecificRecord>(
      String key, String topic, int partition, long offset, Decoded<T> value) {}

  private CompactedTopic(
      Connection connection,
      String topic,
      Class<T> type,
      java.util.function.Consumer<Entry<T>> to) {
    this.topic = topic;
    this.to = to;
    this.serdes = new EventSerdes(connection.registryUrl(), connection.registry());
    this.decoder = serdes.decoder(type);
    this.consumer =
        new KafkaConsumer<>(
            connection.consumer(topic), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      consumer.assign(partitions());
      consumer.seekToBeginning(consumer.assignment());
      askForTheEnd();
    } catch (RuntimeException e) {
      consumer.close();
      serdes.close();
      throw e;
    }
    this.thread = Thread.ofPlatform().daemon().name("countermand-" + topic).unstarted(this::run);
  }

  /**
   * Begins to read; returns at once.
   *
   * @param to is told of each record, in order within a key, by one thread
   * @throws RuntimeException that says what is missing
   */
  public static <T extends SpecificRecord> CompactedTopic<T> follow(
      Connection connection,
      String topic,
      Class<T> type,
      java.util.function.Consumer<Entry<T>> to) {
    var followed = new CompactedTopic<>(connection, topic, type, to);
    followed.thread.start();
    return followed;
  }

  private List<TopicPartition> partitions() {
    List<PartitionInfo> found;
    try {
      found = consumer.partitionsFor(topic, WITHIN);
    } catch (UnknownTopicOrPartitionException e) {
      throw new IllegalStateException(
          "there is no topic "
              + topic
              + " that these credentials may see; create the topics with `countermand topics"
              + " apply`, or check the rights",
          e);
    }
    return found.stream().map(each -> new TopicPartition(topic, each.partition())).toList();
  }

  public String topic() {
    return topic;
  }

  /** Whether all that stood there when it was opened has been told. */
  public boolean caughtUp() {
    return caughtUp;
  }

  /**
   * Whether all that stood there some seconds ago has been told: false while brokers or registry do
   * not answer, when nobody knows what stands there now.
   */
  public boolean current() {
    return caughtUp && System.nanoTime() - reached < STALE.toNanos();
  }

  private void run() {
    while (!closed) {
      try {
        round();
      } catch (WakeupException e) {
        // closed
      } catch (OffsetOutOfRangeException e) {
        consumer.seekToBeginning(e.partitions());
      } catch (KafkaException | RegistryUnavailableException e) {
        LOG.atWarn()
            .addKeyValue("topic", topic)
            .addKeyValue("error", e.toString())
            .log("a topic cannot be read, trying on");
        LockSupport.parkNanos(ROUND.toNanos());
      }
    }
    consumer.close();
  }

  private void round() {
    if (System.nanoTime() - asked > ASK_AGAIN.toNanos()) {
      askForTheEnd();
    }
    ConsumerRecords<byte[], byte[]> records = consumer.poll(ROUND);
    RegistryUnavailableException away = null;
    for (TopicPartition each : records.partitions()) {
      for (ConsumerRecord<byte[], byte[]> record : records.records(each)) {
        try {
          handOn(record, decoder.decode(topic, record.value()));
        } catch (RegistryUnavailableException e) {
          consumer.seek(each, record.offset()); // it is read again, and all after it
          away = e;
          break;
        }
      }
    }
    if (away != null) {
      throw away;
    }
    if (end.entrySet().stream()
        .allMatch(each -> consumer.position(each.getKey()) >= each.getValue())) {
      reached = asked;
      caughtUp = true;
    }
  }

  private void askForTheEnd() {
    long now = System.nanoTime();
    end = Map.copyOf(consumer.endOffsets(consumer.assignment()));
    asked = now;
  }

  private void handOn(ConsumerRecord<byte[], byte[]> record, Decoded<T> value) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    try {
      to.accept(new Entry<>(key, topic, record.partition(), record.offset(), value));
    } catch (RuntimeException e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("topic", topic)
          .addKeyValue("offset", record.offset())
          .log("a record was not taken");
    }
  }

  /** Returns when the thread has ended, or is interrupted. */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    serdes.close();
  }
}
