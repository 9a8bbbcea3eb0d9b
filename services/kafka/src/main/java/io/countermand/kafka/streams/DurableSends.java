// Over 300 lines: what a lost record ends, what may still be sent and what is committed change
// together.
package io.countermand.kafka.streams;

import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
 */
public final class DurableSends extends PacedConsumers {

  /** What is to follow. Called by the producer's own thread, so it must not wait for anything. */
  public interface Then {

    /**
     * @param appended the record's time in the log: the broker's, where the topic has it so
     * @param at where it stands
     */
    void durable(Instant appended, Evidence at);

    /** Nobody knows whether it was written, or it certainly was not. */
    void failed();
  }

  /** How long what nobody waits for is collected, ms: one request for what comes meanwhile. */
  private static final String COLLECTED_MILLIS = "50";

  /**
   * Dozens of rows of a commit have most of their bytes in common. Not for what goes alone and at
   * once, and not for the ledger: compressing many small batches was seen to slow both.
   */
  private static final String COMPRESSION = "lz4";

  private final Set<String> unhurried;

  /** Kafka Streams' own; null: not started. */
  private volatile @Nullable Admin admin;

  private volatile Duration session = Duration.ZERO;

  /** Those that are open, and of closed ones those since the last was made. */
  private final List<Telling> made = new CopyOnWriteArrayList<>();

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

  /** How Kafka Streams names what a store's changes are written to. */
  private static final String CHANGELOG = "-changelog";

  /** Of the record that the present thread forwards; null: nobody asks. */
  private static final ThreadLocal<@Nullable Then> NEXT = new ThreadLocal<>();

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
    Proving consumer = new Proving(config);
    session = consumer.session;
    return consumer;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    Admin brokers = super.getAdmin(config);
    admin = brokers;
    return brokers;
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    var producer = new Telling(config, unhurried);
    made.removeIf(each -> each.closed);
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
    made.stream().filter(each -> !each.closed).forEach(each -> each.know(topics));
  }

  /** Of the present thread; null: it has not polled yet, or is no stream thread. */
  private static final ThreadLocal<@Nullable Proving> POLLED = new ThreadLocal<>();

  /** Whose records the present thread's next commit waits for; null: it has written none. */
  private static final ThreadLocal<@Nullable Telling> FLUSHED = new ThreadLocal<>();

  /**
   * Where the group has read to, for a task that begins. By a stream thread.
   *
   * @return {@link Long#MAX_VALUE}: not known, since this is none
   */
  public long committed(String topic, int partition) {
    Proving consumer = POLLED.get();
    if (consumer == null) {
      return Long.MAX_VALUE;
    }
    var at = new TopicPartition(topic, partition);
    OffsetAndMetadata offset = consumer.committed(Set.of(at)).get(at);
    return offset == null ? 0 : offset.offset();
  }

  /**
   * When the group last took what the present stream thread committed, which it does of its members
   * alone: by {@link System#nanoTime}, and before it was asked.
   *
   * @return 0: never, or this is no stream thread
   */
  public long provedNanos() {
    Proving consumer = POLLED.get();
    return consumer == null ? 0 : consumer.committedNanos;
  }

  /** After so long without a sign of life the group gives a member's partitions to others. */
  public Duration session() {
    return session;
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
    if (POLLED.get() == null || brokers == null) {
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
    Proving consumer = POLLED.get();
    return consumer == null
        || last + 1 >= before
        || consumer.nothingBetween(new TopicPartition(topic, partition), last, before);
  }

  private static final class Proving extends KafkaConsumer<byte[], byte[]> {

    private final Membership membership;
    private final Duration session;
    private long committedNanos;

    /** The last record that was handed to Kafka Streams, by partition. */
    private final Map<TopicPartition, Long> handed = new HashMap<>();

    Proving(Map<String, Object> config) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      Object millis = config.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
      session = Duration.ofMillis(Long.parseLong(String.valueOf(millis)));
      membership = new Membership(session);
    }

    /**
     * Commits what the tasks of this thread have read, once all that they have written is durable.
     *
     * @throws LostRecordException if some of that was lost: nothing is committed
     */
    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
      Telling written = FLUSHED.get();
      if (written != null) {
        written.awaitDurable();
      }
      long asked = System.nanoTime();
      super.commitSync(offsets);
      committedNanos = asked == 0 ? 1 : asked;
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
      super.subscribe(topics, membership.before(durable(listener)));
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
      super.subscribe(pattern, membership.before(durable(listener)));
    }

    /**
     * Nobody else gets a partition before what was written of it is durable, also where there are
     * no offsets to commit: its next owner reads the changelog up to where that ends then.
     */
    private static ConsumerRebalanceListener durable(ConsumerRebalanceListener others) {
      return new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
          others.onPartitionsRevoked(partitions);
          Telling written = FLUSHED.get();
          if (written != null) {
            written.awaitDurable();
          }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
          others.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
          others.onPartitionsLost(partitions);
        }
      };
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      POLLED.set(this);
      ConsumerRecords<byte[], byte[]> found = super.poll(timeout);
      membership.polled();
      for (TopicPartition partition : found.partitions()) {
        handed.put(partition, found.records(partition).getLast().offset());
      }
      return found;
    }

    boolean nothingBetween(TopicPartition partition, long last, long before) {
      return handed.getOrDefault(partition, -1L) <= last
          && assignment().contains(partition)
          && position(partition, Duration.ZERO) >= before;
    }

    void requireHeld(int partition) {
      membership.require(partition, this);
    }
  }

  /**
   * Two producers in one: the second sends what nobody waits for, and is flushed with the first.
   * Neither sends anything after one has lost a record.
   */
  private static final class Telling extends KafkaProducer<byte[], byte[]> {

    private final Set<String> unhurried;
    private final Producer<byte[], byte[]> collecting;
    private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;
    private final AtomicReference<@Nullable Exception> lost = new AtomicReference<>();

    Telling(Map<String, Object> config, Set<String> unhurried) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
      this.unhurried = unhurried;
      Map<String, Object> patient = new HashMap<>(config);
      patient.put(ProducerConfig.LINGER_MS_CONFIG, COLLECTED_MILLIS);
      patient.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, COMPRESSION);
      patient.put(
          ProducerConfig.CLIENT_ID_CONFIG,
          config.get(ProducerConfig.CLIENT_ID_CONFIG) + "-collecting");
      this.collecting =
          new KafkaProducer<>(patient, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void know(List<String> topics) {
      for (String topic : topics) {
        var _ = (unhurried.contains(topic) ? collecting : this).partitionsFor(topic);
      }
    }

    /**
     * Waits for nothing, though Kafka Streams asks it for each task before it commits: the commit
     * waits, once for all tasks of its thread, which takes and calls nothing meanwhile. Of a thread
     * that has taken no record there is nothing to commit, so there it waits.
     *
     * @throws LostRecordException so that no offsets are committed
     */
    @Override
    public void flush() {
      tellAll();
      requireWhole();
      FLUSHED.set(this);
      Proving consumer = POLLED.get();
      if (consumer == null || consumer.handed.isEmpty()) {
        awaitDurable();
      }
    }

    /**
     * @throws LostRecordException so that no offsets are committed
     */
    void awaitDurable() {
      collecting.flush(); // first: the other one's records are on their way already
      super.flush();
      tellAll();
      requireWhole();
    }

    @Override
    public void close(Duration timeout) {
      closed = true;
      if (FLUSHED.get() == this) {
        FLUSHED.remove();
      }
      Duration within = lost.get() == null ? timeout : Duration.ZERO;
      collecting.close(within);
      super.close(within);
    }

    @Override
    public Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
      tellAll();
      requireWhole();
      boolean changelog = record.topic().endsWith(CHANGELOG);
      Proving consumer = POLLED.get();
      Integer partition = record.partition();
      if (changelog && consumer != null && partition != null) {
        consumer.requireHeld(partition);
      }
      if (changelog || unhurried.contains(record.topic())) {
        return collecting.send(
            record,
            (metadata, error) ->
                tell(
                    callback,
                    metadata,
                    error(record, error, () -> collecting.close(Duration.ZERO))));
      }
      Then then = NEXT.get();
      Future<RecordMetadata> sent =
          super.send(
              record,
              (metadata, error) -> {
                tell(callback, metadata, error(record, error, () -> super.close(Duration.ZERO)));
                if (then != null && error == null) {
                  then.durable(
                      Instant.ofEpochMilli(metadata.timestamp()),
                      new Evidence(metadata.topic(), metadata.partition(), metadata.offset()));
                } else if (then != null) {
                  then.failed();
                }
              });
      NEXT.remove(); // not before: what throws has told no callback
      return sent;
    }

    /**
     * Keeps for the stream thread what Kafka Streams is to be told: it puts that into maps which
     * bear one thread, reads them whenever it likes, and two producers would tell it by two more.
     */
    private void tell(
        @Nullable Callback callback, RecordMetadata metadata, @Nullable Exception error) {
      if (callback != null) {
        untold.add(() -> callback.onCompletion(metadata, error));
      }
    }

    /** By the stream thread. */
    private void tellAll() {
      for (Runnable next = untold.poll(); next != null; next = untold.poll()) {
        next.run();
      }
    }

    /**
     * Ends the producer where a record was lost, by its own thread, before that sends another one.
     *
     * @return what Kafka Streams is to hear: nothing that it would try again by itself
     */
    private @Nullable Exception error(
        ProducerRecord<byte[], byte[]> record, @Nullable Exception error, Runnable end) {
      if (error == null || TooLarge.mayBeLeftOut(record.topic(), error)) {
        return error;
      }
      if (lost.compareAndSet(null, error)) {
        closed = true;
        end.run();
      }
      return new LostRecordException(error);
    }

    private void requireWhole() {
      Exception error = lost.get();
      if (error != null) {
        throw new LostRecordException(error);
      }
    }
  }
}
