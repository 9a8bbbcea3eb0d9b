package io.countermand.bench.load;

import io.countermand.bench.measure.ClientRequests;
import io.countermand.bench.measure.Latencies;
import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends each intent when it is due, whatever became of those before: a stall anywhere shows in the
 * latency of all that were due meanwhile (no coordinated omission).
 */
public final class Sender implements AutoCloseable {

  private static final Duration LEAD = Duration.ofMillis(200);

  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicInteger failed = new AtomicInteger();

  public Sender(KafkaConnection connection) {
    this.producer =
        new KafkaProducer<>(
            connection.producer("bench"), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * What was sent.
   *
   * @param start when the first was due, microseconds
   * @param late how much later than due each was handed to the producer
   * @param failed how many the broker did not take
   */
  public record Sent(long start, Latencies late, int failed) {}

  /** Returns when the broker has them all. */
  public Sent send(IntentBatch batch, String topic) {
    producer.partitionsFor(topic); // metadata is not part of the first intent's way
    failed.set(0);
    long[] late = new long[batch.size()];
    long startNanos = System.nanoTime() + LEAD.toNanos();
    long start = ArrivalTimes.now() + LEAD.toNanos() / 1000;
    for (int i = 0; i < batch.size(); i++) {
      long due = startNanos + batch.load().due(i) * 1000;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      late[i] = (System.nanoTime() - due) / 1000;
      var _ =
          producer.send(
              new ProducerRecord<>(topic, batch.key(i), batch.value(i)),
              (metadata, error) -> {
                if (error != null) {
                  failed.incrementAndGet();
                }
              });
    }
    producer.flush();
    return new Sent(start, Latencies.of(late), failed.get());
  }

  /** Sent to the broker since it began. */
  public double requests() {
    return ClientRequests.of(producer.metrics());
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(10));
  }
}
