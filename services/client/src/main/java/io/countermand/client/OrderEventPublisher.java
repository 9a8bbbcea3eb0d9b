package io.countermand.client;

import io.countermand.events.OrderEvent;
import io.countermand.events.OrderKey;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Tells what an OMS or a feed knows of its orders, under the right keys. Thread-safe. Publish an
 * order's events in their order from one thread. A feed that crashed publishes again what it is not
 * sure of: repeated and late events undo nothing.
 */
public final class OrderEventPublisher implements AutoCloseable {

  private final String source;
  private final EventSerdes serdes;
  private final Serializer<OrderEvent> values;
  private final Producer<byte[], byte[]> producer;

  private OrderEventPublisher(Connection connection, String source) {
    this.source = source;
    this.serdes = connection.serdes();
    this.values = serdes.serializer(OrderEvent.class);
    this.producer =
        new KafkaProducer<>(
            connection.producer("order-events"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Connects in the background; what is wrong the first event's future says.
   *
   * @param source who tells, as {@code oms:equities}; stands in every event
   */
  public static OrderEventPublisher open(Connection connection, String source) {
    return new OrderEventPublisher(connection, source);
  }

  /** An event to be filled in and published. Of a named order events tell nothing: give its id. */
  public OrderEventDraft event(OrderKey order) {
    if (order.orderName() != null) {
      throw new IllegalArgumentException("order events come under ids, not names: " + order);
    }
    return new OrderEventDraft(this, order, source);
  }

  CompletableFuture<RecordMetadata> publish(OrderKey order, OrderEvent event) {
    var done = new CompletableFuture<RecordMetadata>();
    try {
      byte[] value = values.serialize(Topics.ORDER_EVENTS, event);
      var _ =
          producer.send(
              new ProducerRecord<>(Topics.ORDER_EVENTS, order.bytes(), value),
              (at, error) -> {
                if (error == null) {
                  done.complete(at);
                } else {
                  done.completeExceptionally(failed(order, error));
                }
              });
    } catch (RuntimeException e) {
      done.completeExceptionally(failed(order, e));
    }
    return done;
  }

  private static ClientException failed(OrderKey order, Exception error) {
    return ClientException.of("event of " + order + ": not known to be published", error);
  }

  /** Gives Kafka what it was given, for 10 s at the most. */
  @Override
  public void close() {
    producer.close(Duration.ofSeconds(10));
    serdes.close();
  }
}
