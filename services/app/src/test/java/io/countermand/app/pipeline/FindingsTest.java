package io.countermand.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.FindingKind;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.OrderEvent;
import io.countermand.kafka.client.FindingReader;
import io.countermand.platform.Topics;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The truth about an unanswered cancel comes after its outcome: a risk system reads it. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class FindingsTest {

  private static final String VENUE = "cadenza";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Pipeline pipeline;

  FindingsTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @AfterEach
  void healed() {
    pipeline.stack().simulator().faults().clear();
  }

  @Test
  void shouldTellWhatBecameOfAnUnresolvedCancel() {
    // Given: again, with more time, where the machine was too slow to call before the deadline
    Duration time = Duration.ofSeconds(2);
    Outcome unresolved = pipeline.cancel(within(failing(), time));
    while (late(unresolved) && time.compareTo(LONG) < 0) {
      time = time.multipliedBy(2);
      unresolved = pipeline.cancel(within(failing(), time));
    }
    assertThat(unresolved.result()).isEqualTo(CancelResult.UNRESOLVED);
    Cancel cancel = unresolved.cancel();
    OrderRef order = cancel.order();
    try (FindingReader reader = FindingReader.fromBeginning(pipeline.stack().connection())) {
      // When
      tell(order);
      // Then
      List<Finding> found = new ArrayList<>();
      Awaitility.await("finding of " + order)
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                reader.poll(Duration.ofMillis(100)).stream()
                    .map(FindingReader.Read::finding)
                    .filter(finding -> finding.cancel().order().equals(order))
                    .forEach(found::add);
                return !found.isEmpty();
              });
      Finding finding = found.getFirst();
      assertThat(finding.kind()).isEqualTo(FindingKind.RESOLVED);
      assertThat(finding.cancel().cancelId()).isEqualTo(cancel.cancelId());
      assertThat(finding.result()).isEqualTo(CancelResult.UNRESOLVED);
      assertThat(finding.ordStatus()).isEqualTo(OrdStatus.FILLED);
      assertThat(finding.cumQty()).isEqualTo("10");
      assertThat(finding.evidence().getFirst().topic()).isEqualTo(Topics.ORDER_EVENTS);
    }
  }

  /** An order that the venue's book does not have, so that no feed tells of it. */
  private OrderRef failing() {
    OrderRef order = new OrderRef(VENUE, "Sim101", Pipeline.orderId(VENUE));
    var failing = new Fault.ServerError(false, 503);
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(FaultRule.next(VENUE, Integer.MAX_VALUE, failing).forOrder(order.orderId()));
    return order;
  }

  /** Whether nothing was called before the deadline. */
  private static boolean late(Outcome outcome) {
    return outcome.result() == CancelResult.REJECTED && outcome.reason() == Reason.DEADLINE_PASSED;
  }

  private static Intent within(OrderRef order, Duration time) {
    return new Intent(
        Pipeline.id(),
        order,
        null,
        null,
        null,
        Instant.now().plus(time),
        false,
        false,
        null,
        Map.of(),
        Instant.now());
  }

  private void tell(OrderRef order) {
    OrderEvent event =
        OrderEvent.newBuilder()
            .setVenue(order.venue())
            .setAccount(order.account())
            .setOrderId(order.orderId())
            .setOrdStatus(io.countermand.events.OrdStatus.FILLED)
            .setOrderQty("10")
            .setCumQty("10")
            .setSource("feed:" + VENUE)
            .setObservedAt(Instant.now())
            .build();
    try (var serdes = pipeline.stack().connection().serdes();
        var producer =
            new KafkaProducer<>(
                pipeline.stack().connection().producer("test"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      producer.send(
          new ProducerRecord<>(
              Topics.ORDER_EVENTS,
              order.key().getBytes(StandardCharsets.UTF_8),
              serdes.serializer(OrderEvent.class).serialize(Topics.ORDER_EVENTS, event)));
    }
  }
}
