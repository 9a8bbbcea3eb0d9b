package io.countermand.app.role;

import io.countermand.codec.OrderCodec;
import io.countermand.domain.order.OrderEvent;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A venue's order events into {@code order-events}. Thread-safe; does not wait for the broker. */
public final class FeedPublisher implements Consumer<OrderEvent>, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FeedPublisher.class);

  private final Runnable lost;
  private final EventSerdes serdes;
  private final Serializer<io.countermand.events.OrderEvent> values;
  private final Producer<byte[], byte[]> producer;

  public FeedPublisher(KafkaConnection connection) {
    this(connection, () -> {});
  }

  /**
   * @param lost hears that an event is not in the log
   */
  public FeedPublisher(KafkaConnection connection, Runnable lost) {
    this.lost = lost;
    this.serdes = connection.serdes();
    this.values = serdes.serializer(io.countermand.events.OrderEvent.class);
    this.producer =
        new KafkaProducer<>(
            connection.producer("feed"), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public void accept(OrderEvent event) {
    var _ =
        producer.send(
            new ProducerRecord<>(
                Topics.ORDER_EVENTS,
                event.order().key().getBytes(StandardCharsets.UTF_8),
                values.serialize(Topics.ORDER_EVENTS, OrderCodec.toAvro(event))),
            (metadata, error) -> {
              if (error != null) {
                lost.run();
                LOG.atError()
                    .addKeyValue("order", event.order().key())
                    .setCause(error)
                    .log("order event could not be published");
              }
            });
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(10));
    serdes.close();
  }
}
