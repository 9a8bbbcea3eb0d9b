package io.countermand.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's clients for a Streams app, of which a task can learn when a record that it forwards is
 * durable. Kafka Streams says so to nobody, and a second producer would neither keep the order of
 * records nor be flushed before offsets are committed.
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

  /** Whose consumers take each record as it comes. */
  public DurableSends() {
    super(Duration.ZERO);
  }

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
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new Telling(config);
  }

  private static final class Telling extends KafkaProducer<byte[], byte[]> {

    Telling(Map<String, Object> config) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
      Then then = NEXT.get();
      if (then == null) {
        return super.send(record, callback);
      }
      Future<RecordMetadata> sent =
          super.send(
              record,
              (metadata, error) -> {
                if (callback != null) {
                  callback.onCompletion(metadata, error);
                }
                if (error == null) {
                  then.durable(Instant.ofEpochMilli(metadata.timestamp()));
                } else {
                  then.failed();
                }
              });
      NEXT.remove(); // not before: what throws has told no callback
      return sent;
    }
  }
}
