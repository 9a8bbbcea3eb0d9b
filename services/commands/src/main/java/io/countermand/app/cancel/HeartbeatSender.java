package io.countermand.app.cancel;

import io.countermand.codec.HeartbeatCodec;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends heartbeats to dead-man's switches. Each waits in the client for half a minute where the
 * brokers do not answer. Thread-safe.
 */
final class HeartbeatSender implements AutoCloseable {

  private final EventSerdes serdes;
  private final Producer<byte[], byte[]> producer;

  /** Connects in the background. */
  HeartbeatSender(KafkaConnection connection) {
    this.serdes = connection.serdes();
    this.producer =
        new KafkaProducer<>(
            connection.producer("heartbeats"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Waits for the brokers' metadata and the schema registry the first time.
   *
   * @return where it stands, and its append time; fails if nobody knows whether it was written
   * @throws IllegalArgumentException if it makes no sense; says why
   */
  CompletionStage<RecordMetadata> send(Heartbeat word) {
    var problems = word.problems();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    byte[] value =
        serdes
            .serializer(io.countermand.events.Heartbeat.class)
            .serialize(Topics.HEARTBEATS, HeartbeatCodec.toAvro(word));
    byte[] key = word.switchId().getBytes(StandardCharsets.UTF_8);
    var sent = new CompletableFuture<RecordMetadata>();
    var _ =
        producer.send(
            new ProducerRecord<>(Topics.HEARTBEATS, key, value),
            (metadata, failure) -> {
              if (failure == null) {
                sent.complete(metadata);
              } else {
                sent.completeExceptionally(failure);
              }
            });
    return sent;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(10));
    serdes.close();
  }
}
