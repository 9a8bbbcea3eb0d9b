package io.countermand.bench.load;

import io.countermand.codec.OrderCodec;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Properties;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** Fills the desk's table, by order events. */
public final class TableFiller {

  /** Each fourth order is executed. */
  public static final int TERMINAL_EACH = 4;

  private TableFiller() {}

  /** The terminal order of that index. */
  public static long terminal(long index) {
    return index * TERMINAL_EACH + TERMINAL_EACH - 1;
  }

  /** Orders {@code from} to {@code to}, exclusive; returns when the broker has them. */
  public static void add(KafkaConnection connection, long from, long to) {
    add(connection, LongStream.range(from, to));
  }

  /** Terminal orders of these indices, and none between; returns when the broker has them. */
  public static void addTerminal(KafkaConnection connection, long first, int count) {
    add(connection, LongStream.range(first, first + count).map(TableFiller::terminal));
  }

  private static void add(KafkaConnection connection, LongStream numbers) {
    Properties settings = connection.producer("orders");
    settings.put("linger.ms", "5");
    settings.put("batch.size", "65536");
    try (EventSerdes serdes = connection.serdes();
        var producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      Serializer<io.countermand.events.OrderEvent> values =
          serdes.serializer(io.countermand.events.OrderEvent.class);
      for (long number : (Iterable<Long>) numbers::iterator) {
        OrderEvent event = event(number);
        var _ =
            producer.send(
                new ProducerRecord<>(
                    Topics.ORDER_EVENTS,
                    event.order().key().getBytes(StandardCharsets.UTF_8),
                    values.serialize(Topics.ORDER_EVENTS, OrderCodec.toAvro(event))));
      }
      producer.flush();
    }
  }

  private static OrderEvent event(long number) {
    boolean terminal = number % TERMINAL_EACH == TERMINAL_EACH - 1;
    Instant now = Instant.now();
    return new OrderEvent(
        IntentBatch.order(number),
        null,
        terminal ? OrdStatus.FILLED : OrdStatus.NEW,
        terminal ? "Filled" : "Working",
        BigDecimal.ONE,
        terminal ? BigDecimal.ONE : BigDecimal.ZERO,
        terminal ? BigDecimal.ZERO : BigDecimal.ONE,
        null,
        now,
        1L,
        false,
        "feed:" + IntentBatch.VENUE,
        null,
        now);
  }
}
