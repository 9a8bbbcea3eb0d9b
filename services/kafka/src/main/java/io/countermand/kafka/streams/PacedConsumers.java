package io.countermand.kafka.streams;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * Kafka's clients for a Streams app that would rather take what came in some milliseconds at once:
 * each request costs the broker more than the record in it. While little comes, its consumer looks
 * again only a while after it last found something; while nothing comes, its fetch waits at the
 * broker and costs nobody anything, which a short {@code fetch.max.wait.ms} does, all day.
 */
public class PacedConsumers extends DefaultKafkaClientSupplier {

  /** So many at once are no trickle: the next ones are taken without a pause. */
  private static final int MANY = 200;

  /** A standby's copy, and a restored one, may wait so long for nothing. */
  private static final Duration RESTORE_WAIT = Duration.ofMillis(200);

  private final long paceNanos;

  /**
   * @param pace zero: the main consumer takes each record as it comes
   */
  public PacedConsumers(Duration pace) {
    this.paceNanos = pace.toNanos();
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return paceNanos == 0 ? super.getConsumer(config) : new Paced(config, paceNanos);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return new Patient(config);
  }

  /** For one thread, as every consumer. */
  private static final class Paced extends KafkaConsumer<byte[], byte[]> {

    private final long paceNanos;
    private long foundAt;
    private boolean trickle;

    Paced(Map<String, Object> config, long paceNanos) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      this.paceNanos = paceNanos;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      if (trickle) {
        long left = foundAt + paceNanos - System.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(left);
        }
      }
      ConsumerRecords<byte[], byte[]> found = super.poll(timeout);
      trickle = !found.isEmpty() && found.count() < MANY;
      foundAt = System.nanoTime();
      return found;
    }
  }

  /** Its thread also hears of new tasks between two polls, so not for much longer. */
  private static final class Patient extends KafkaConsumer<byte[], byte[]> {

    Patient(Map<String, Object> config) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      boolean waits = timeout.toMillis() > 0 && timeout.compareTo(RESTORE_WAIT) < 0;
      return super.poll(waits ? RESTORE_WAIT : timeout);
    }
  }
}
