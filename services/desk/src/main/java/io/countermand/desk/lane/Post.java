package io.countermand.desk.lane;

import io.countermand.domain.TraceContext;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.order.Evidence;
import io.countermand.events.CancelProgress;
import io.countermand.events.MassProgress;
import io.countermand.events.VenuePause;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.ownership.LeaseRecords;
import io.countermand.kafka.streams.ClockSkew;
import io.countermand.kafka.streams.RoleMeters;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes markers, replies and pauses, and knows when they are durable. Thread-safe. */
public final class Post implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Post.class);

  private final Producer<byte[], byte[]> producer;
  private final Serializer<SpecificRecord> values;
  private final ClockSkew skew;

  public Post(KafkaConnection connection, EventSerdes serdes, ClockSkew skew, String role) {
    this.skew = skew;
    this.values = serdes.serializer(SpecificRecord.class);
    this.producer =
        new KafkaProducer<>(
            connection.producer(role), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * A record that is durable.
   *
   * @param appended its time in the log, the broker's where the topic has it so
   * @param at where it stands
   */
  record Written(Instant appended, Evidence at) {}

  /**
   * Returns once the record is durable (acks=all).
   *
   * @param place of a marker of a cancel; null: it is none
   * @return null if it could not be made durable, or nobody knows whether it was
   */
  @Nullable Written durable(
      String key,
      CancelProgress progress,
      Lease.@Nullable Place place,
      @Nullable TraceContext trace)
      throws InterruptedException {
    Headers headers = TraceHeaders.of(trace);
    if (place != null) {
      LeaseRecords.add(headers, place);
    }
    Instant before = Instant.now();
    Written written =
        durable(Topics.PROGRESS, key.getBytes(StandardCharsets.UTF_8), progress, headers);
    if (written != null) {
      skew.appended(before, written.appended(), Instant.now());
    }
    return written;
  }

  public boolean durable(byte[] key, VenuePause pause) throws InterruptedException {
    return durable(Topics.PAUSES, key, pause, TraceHeaders.of(null)) != null;
  }

  private @Nullable Written durable(
      String topic, byte @Nullable [] key, SpecificRecord value, Headers headers)
      throws InterruptedException {
    try {
      RecordMetadata written =
          producer
              .send(new ProducerRecord<>(topic, null, key, values.serialize(topic, value), headers))
              .get(60, TimeUnit.SECONDS);
      return new Written(
          Instant.ofEpochMilli(written.timestamp()),
          new Evidence(written.topic(), written.partition(), written.offset()));
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      LOG.atWarn()
          .addKeyValue("topic", topic)
          .addKeyValue("retriable", cause instanceof RetriableException)
          .addKeyValue("error", cause.toString())
          .log("record could not be written");
      return null;
    }
  }

  /** Tries until the record is durable or the time is over; for what must not be lost lightly. */
  boolean insist(String key, CancelProgress progress, @Nullable TraceContext trace, Duration within)
      throws InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    while (durable(key, progress, null, trace) == null) {
      if (System.nanoTime() >= end) {
        return false;
      }
      Thread.sleep(200);
    }
    return true;
  }

  /** As that of a cancel's progress, to a mass cancel's; never longer, whatever the client does. */
  boolean insist(String massId, MassProgress progress, Duration within)
      throws InterruptedException {
    byte[] key = massId.getBytes(StandardCharsets.UTF_8);
    var telling =
        new FutureTask<>(
            () -> {
              while (durable(Topics.MASS_PROGRESS, key, progress, TraceHeaders.of(null)) == null) {
                Thread.sleep(200);
              }
              return true;
            });
    Thread _ = Thread.ofVirtual().name("telling").start(telling);
    try {
      return telling.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      boolean _ = telling.cancel(true);
      return false;
    }
  }

  /**
   * Finds out where the topics are, before something is written to them. Waits for the broker.
   *
   * @throws org.apache.kafka.common.KafkaException if it does not answer in time
   */
  void know(List<String> topics) {
    topics.forEach(topic -> producer.partitionsFor(topic));
  }

  /** Shows what its client measures of itself. */
  public void show(RoleMeters meters) {
    meters.producer(producer);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(10));
  }
}
