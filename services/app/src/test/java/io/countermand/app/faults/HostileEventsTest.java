package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.events.OrderState;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order events as no feed of ours would write them; nobody's cancel suffers. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class HostileEventsTest {

  private static final String VENUE = "crosstrade";

  private final Pipeline pipeline;

  HostileEventsTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @ParameterizedTest
  @ValueSource(strings = {"1E9999999", "1E999999999"})
  void shouldNotWriteOutAQuantityOfMillionsOfDigits(String quantity) { // cases A2, A2b
    // Given
    OrderRef order = pipeline.place(VENUE);
    tell(order, OrdStatus.FILLED, event -> event.setCumQty(quantity));
    // When
    Outcome same = pipeline.cancel(Pipeline.intent(order));
    Outcome another = pipeline.cancel(Pipeline.intent(pipeline.place(VENUE)));
    // Then
    assertThat(same.cancel().order()).isEqualTo(order);
    assertThat(another.result()).isEqualTo(CancelResult.CANCELED);
  }

  @Test
  void shouldCallForAnOrderWhoseIdLivesAgainByTheVenuesTime() { // case A5
    // Given
    OrderRef order = new OrderRef(VENUE, "Sim101", Pipeline.id());
    Instant now = Instant.now();
    tell(order, OrdStatus.FILLED, event -> event.setVenueTime(now.minus(Duration.ofHours(21))));
    tell(
        order,
        OrdStatus.NEW,
        event -> {
          event.setVenueTime(now.minus(Duration.ofHours(1)));
          event.setCumQty("0");
        });
    pipeline.stack().simulator().book().place(NewOrder.of(VENUE, "Sim101", order.orderId(), "10"));
    // When, then
    isCalledFor(order);
  }

  @Test
  void shouldCallForAnOrderWhoseIdLivesAgainByTheVenuesSequence() { // case A6
    // Given
    OrderRef order = pipeline.place(VENUE);
    tell(order, OrdStatus.NEW, event -> event.setSequence(1L));
    tell(order, OrdStatus.CANCELED, event -> event.setSequence(2L));
    tell(
        order,
        OrdStatus.NEW,
        event -> {
          event.setSequence(3L);
          event.setOrderQty("2");
        });
    // When, then
    isCalledFor(order);
  }

  private void isCalledFor(OrderRef order) {
    pipeline.awaitTable(order, OrderState::getDisputed);
    Intent intent = Pipeline.intent(order);
    assertThat(pipeline.cancel(intent).result()).isEqualTo(CancelResult.CANCELED);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
  }

  private void tell(OrderRef order, OrdStatus status, Consumer<OrderEvent> more) {
    var event = new OrderEvent();
    event.setVenue(order.venue());
    event.setAccount(order.account());
    event.setOrderId(order.orderId());
    event.setOrdStatus(status);
    event.setSource("feed:test");
    event.setObservedAt(Instant.now());
    more.accept(event);
    try (var serdes = pipeline.stack().connection().serdes();
        var producer =
            new KafkaProducer<>(
                pipeline.stack().connection().producer("test"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      byte[] value = serdes.serializer(OrderEvent.class).serialize(Topics.ORDER_EVENTS, event);
      producer.send(
          new ProducerRecord<>(
              Topics.ORDER_EVENTS, order.key().getBytes(StandardCharsets.UTF_8), value));
    }
  }
}
