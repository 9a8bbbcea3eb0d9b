package io.countermand.kafka.durable;

import io.countermand.kafka.PacedConsumers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's clients for a Streams app without transactions. Of them a task can learn when a record
 * that it forwards is durable. Kafka Streams says so to nobody, and a second producer would neither
 * keep the order of records nor be flushed before offsets are committed. And what a task was to
 * keep in a changelog is not written by one that was expelled meanwhile ({@link Membership}).
 *
 * <p>Behind a record that was lost nothing is written: its producer ends, and with it the thread,
 * which commits nothing more; the next one reads again. Kafka's producer itself goes on with what
 * comes behind a batch whose time is over, and Kafka Streams commits the offsets of a task whose
 * record was lost at the same time as another task's.
 *
 * <p>Its thread does not wait for what it commits ({@link TrailingCommits}).
 */
public final class DurableSends extends PacedConsumers {

  /** What is to follow. Called by the producer's own thread, so it must not wait for anything. */
  public interface Then {

    /**
     * @param appended the record's time in the log: the broker's, where the topic has it so
     */
    void durable(Instant appended);

    /** Nobody knows whether it was written, or it certainly was not. */
    void failed();
  }

  private final Set<String> unhurried;

  /** Kafka Streams' own; null: not started. */
  private volatile @Nullable Admin admin;

  /** Those that are open, and of closed ones those since the last was made. */
  private final List<TaskProducer> made = new CopyOnWriteArrayList<>();

  /** Whose consumers take each record as it comes. */
  public DurableSends() {
    this(Set.of());
  }

  /**
   * @param unhurried topics whose records are collected for some milliseconds, as those for
   *     changelogs are
   */
  public DurableSends(Set<String> unhurried) {
    super(Duration.ZERO);
    this.unhurried = unhurried;
  }

  /** Of the record that the present thread forwards; null: nobody asks. */
  static final ThreadLocal<@Nullable Then> NEXT = new ThreadLocal<>();

  /**
   * Has {@code forward} forward one record, and tells of it. By the task's own thread.
   *
   * @throws RuntimeException what {@code forward} throws; then {@code then} heard that it failed
   */
  public void send(Runnable forward, Then then) {
    NEXT.set(then);
    try {
      forward.run();
    } finally {
      if (NEXT.get() != null) { // never reached the producer
        NEXT.remove();
        then.failed();
      }
    }
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new TaskConsumer(config);
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    Admin brokers = super.getAdmin(config);
    admin = brokers;
    return brokers;
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    var producer = new TaskProducer(config, unhurried);
    made.removeIf(TaskProducer::isClosed);
    made.add(producer);
    return producer;
  }

  /**
   * Has the producers that there are find out where the topics are, before something is written to
   * them. Waits for the broker.
   *
   * @throws org.apache.kafka.common.KafkaException if it does not answer in time
   */
  public void know(List<String> topics) {
    made.stream().filter(each -> !each.isClosed()).forEach(each -> each.know(topics));
  }

  /**
   * Where the group has read to, for a task that begins. By a stream thread.
   *
   * @return {@link Long#MAX_VALUE}: not known, since this is none
   */
  public long committed(String topic, int partition) {
    TaskConsumer consumer = TaskConsumer.ofThread();
    if (consumer == null) {
      return Long.MAX_VALUE;
    }
    var at = new TopicPartition(topic, partition);
    OffsetAndMetadata offset = consumer.committed(Set.of(at)).get(at);
    return offset == null ? 0 : offset.offset();
  }

  /**
   * Has the brokers asked where a topic's partition ends, what open transactions hold back
   * included; waits for nothing. By a stream thread.
   *
   * @param then hears of it on another thread, or, if they do not answer, never; 0: not known,
   *     since this is no stream thread
   */
  public void end(String topic, int partition, LongConsumer then) {
    Admin brokers = admin;
    if (TaskConsumer.ofThread() == null || brokers == null) {
      then.accept(0);
      return;
    }
    var at = new TopicPartition(topic, partition);
    var _ =
        brokers
            .listOffsets(
                Map.of(at, OffsetSpec.latest()),
                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
            .partitionResult(at)
            .whenComplete(
                (end, error) -> {
                  if (error == null) {
                    then.accept(end.offset());
                  }
                });
  }

  /**
   * Whether a task has read all records before an offset: between the last one and that place can
   * be what is no record (the ends of transactions). By a stream thread.
   *
   * @param last offset of the record that the task read last; -1: none yet
   */
  public boolean hasRead(String topic, int partition, long before, long last) {
    TaskConsumer consumer = TaskConsumer.ofThread();
    return consumer == null
        || last + 1 >= before
        || consumer.nothingBetween(new TopicPartition(topic, partition), last, before);
  }
}
