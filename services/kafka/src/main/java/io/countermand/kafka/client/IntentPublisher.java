package io.countermand.kafka.client;

import io.countermand.codec.IntentCodec;
import io.countermand.domain.Intent;
import io.countermand.domain.TraceContext;
import io.countermand.events.CancelIntent;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes cancel intents under the right key. Thread-safe. Sends again what a broken connection
 * may have lost without doubling it; a producer that crashed sends the same cancelId again, which
 * is the same intent.
 */
public final class IntentPublisher implements AutoCloseable {

  private final EventSerdes serdes;
  private final Serializer<CancelIntent> values;
  private final Producer<byte[], byte[]> producer;

  /** Connects in the background. */
  public IntentPublisher(KafkaConnection connection) {
    this.serdes = connection.serdes();
    this.values = serdes.serializer(CancelIntent.class);
    this.producer =
        new KafkaProducer<>(
            connection.producer("intents"), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Completes when the intent is durable; exceptionally if it is not known to be, so that the
   * caller publishes it again.
   */
  public CompletionStage<RecordMetadata> publish(Intent intent) {
    return publish(intent, null);
  }

  /**
   * The same as a part of the caller's trace, which the venue's call and the outcome will carry on.
   *
   * @param trace the caller's span; null: none, and none is made up
   */
  public CompletionStage<RecordMetadata> publish(Intent intent, @Nullable TraceContext trace) {
    return publish(
        intent.order().key().getBytes(StandardCharsets.UTF_8),
        values.serialize(Topics.INTENTS, IntentCodec.toAvro(intent)),
        TraceHeaders.of(trace));
  }

  /** Publishes bytes as they are; for tests and demonstrations of what goes wrong. */
  public CompletionStage<RecordMetadata> publish(byte @Nullable [] key, byte @Nullable [] value) {
    return publish(key, value, TraceHeaders.of(null));
  }

  private CompletionStage<RecordMetadata> publish(
      byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    var done = new CompletableFuture<RecordMetadata>();
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(Topics.INTENTS, null, key, value, headers),
              (metadata, error) -> {
                if (error == null) {
                  done.complete(metadata);
                } else {
                  done.completeExceptionally(error);
                }
              });
    } catch (KafkaException e) { // refused before: sending says only that it is in an error state
      done.completeExceptionally(e.getCause() == null ? e : e.getCause());
    }
    return done;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(10));
    serdes.close();
  }
}
