package io.countermand.kafka.durable;

import io.countermand.kafka.LostRecordException;
import io.countermand.kafka.TooLarge;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Two producers in one: the second sends what nobody waits for, and is flushed with the first.
 * Neither sends anything after one has lost a record.
 */
final class TaskProducer extends KafkaProducer<byte[], byte[]> {

  /** How long what nobody waits for is collected, ms: one request for what comes meanwhile. */
  private static final String COLLECTED_MILLIS = "50";

  /**
   * Dozens of rows of a commit have most of their bytes in common. Not for what goes alone and at
   * once, and not for the ledger: compressing many small batches was seen to slow both.
   */
  private static final String COMPRESSION = "lz4";

  /** How Kafka Streams names what a store's changes are written to. */
  private static final String CHANGELOG = "-changelog";

  private final Set<String> unhurried;
  private final Producer<byte[], byte[]> collecting;
  private volatile boolean closed;
  private final AtomicReference<@Nullable Exception> lost = new AtomicReference<>();

  /** Of what was sent since offsets were last to be committed, how much is not answered. */
  private AtomicInteger unanswered = new AtomicInteger();

  TaskProducer(Map<String, Object> config, Set<String> unhurried) {
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

  boolean isClosed() {
    return closed;
  }

  void know(List<String> topics) {
    for (String topic : topics) {
      var _ = (unhurried.contains(topic) ? collecting : this).partitionsFor(topic);
    }
  }

  /**
   * Waits for nothing where offsets are committed only once it need not.
   *
   * @throws LostRecordException so that no offsets are committed
   */
  @Override
  public void flush() {
    TaskConsumer consumer = TaskConsumer.ofThread();
    if (consumer == null || !consumer.mayTrail(this)) {
      flushed();
    }
    requireWhole();
  }

  /** Tells, later and to any thread, whether all that was sent until now is durable. */
  BooleanSupplier sentSoFar() {
    AtomicInteger left = unanswered;
    unanswered = new AtomicInteger();
    return () -> left.get() == 0 && lost.get() == null;
  }

  /** Returns once all that was sent is durable. */
  void flushed() {
    super.flush();
    collecting.flush();
    requireWhole();
  }

  @Override
  public void close(Duration timeout) {
    closed = true;
    Duration within = lost.get() == null ? timeout : Duration.ZERO;
    collecting.close(within);
    super.close(within);
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    AtomicInteger counted = unanswered;
    counted.incrementAndGet();
    try {
      return send(record, callback, counted);
    } catch (RuntimeException e) { // and no callback hears of it
      counted.decrementAndGet();
      throw e;
    }
  }

  private Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record,
      @Nullable Callback callback,
      AtomicInteger unanswered) {
    requireWhole();
    boolean changelog = record.topic().endsWith(CHANGELOG);
    TaskConsumer consumer = TaskConsumer.ofThread();
    Integer partition = record.partition();
    if (changelog && consumer != null && partition != null) {
      consumer.requireHeld(partition);
    }
    if (changelog || unhurried.contains(record.topic())) {
      return collecting.send(
          record,
          (metadata, error) -> {
            told(callback, metadata, error(record, error, () -> collecting.close(Duration.ZERO)));
            unanswered.decrementAndGet();
          });
    }
    DurableSends.Then then = DurableSends.NEXT.get();
    Future<RecordMetadata> sent =
        super.send(
            record,
            (metadata, error) -> {
              told(callback, metadata, error(record, error, () -> super.close(Duration.ZERO)));
              unanswered.decrementAndGet();
              if (then != null && error == null) {
                then.durable(Instant.ofEpochMilli(metadata.timestamp()));
              } else if (then != null) {
                then.failed();
              }
            });
    DurableSends.NEXT.remove(); // not before: what throws has told no callback
    return sent;
  }

  private static void told(
      @Nullable Callback callback, RecordMetadata metadata, @Nullable Exception error) {
    if (callback != null) {
      callback.onCompletion(metadata, error);
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

  /**
   * @throws LostRecordException if a record was lost
   */
  void requireWhole() {
    Exception error = lost.get();
    if (error != null) {
      throw new LostRecordException(error);
    }
  }
}
