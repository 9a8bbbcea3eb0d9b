package io.countermand.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.IntentCodec;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** "ENTRY1 of strategy A" and "ENTRY1 of strategy B" are two orders. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class NamedOrdersTest {

  private static final String VENUE = "crosstrade-webhook";

  private final Pipeline pipeline;
  private final String one = Pipeline.id();
  private final String two = Pipeline.id();

  NamedOrdersTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldCancelTheOrdersOfOneNameInTwoStrategies() {
    // Given
    OrderRef first = place(one);
    OrderRef second = place(two);
    // When
    Intent a = named(one);
    Intent b = named(two);
    pipeline.publish(a);
    pipeline.publish(b);
    // Then
    awaitClosed(first);
    awaitClosed(second);
    for (Intent intent : List.of(a, b)) {
      Outcome outcome = pipeline.await(intent.cancelId());
      assertThat(outcome.joinedTo()).isNull();
      assertThat(outcome.cancel().order().key()).endsWith(intent.strategyId() + "/ENTRY1");
    }
    assertThat(pipeline.cancelCalls(first)).hasSize(1);
    assertThat(pipeline.cancelCalls(second)).hasSize(1);
  }

  @Test
  void shouldAnswerANamedOrderUnderTheKeyOfItsId() {
    // Given
    OrderRef first = place(one);
    OrderRef second = place(two);
    // When: as a producer does that knows nothing of names
    for (Intent intent : List.of(named(one), named(two))) {
      pipeline.publishRaw(
          VENUE + "/Sim101/ENTRY1", IntentCodec.toAvro(intent), new RecordHeaders());
    }
    // Then
    awaitClosed(first);
    awaitClosed(second);
  }

  private void awaitClosed(OrderRef order) {
    Awaitility.await("cancel of " + order)
        .atMost(Duration.ofSeconds(120))
        .until(() -> !pipeline.stack().simulator().book().find(order).open());
  }

  private OrderRef place(String strategy) {
    OrderRef order = new OrderRef(VENUE, "Sim101", Pipeline.id());
    pipeline
        .stack()
        .simulator()
        .book()
        .place(NewOrder.of(VENUE, "Sim101", order.orderId(), "1").named("ENTRY1", strategy));
    return order;
  }

  private static Intent named(String strategy) {
    return new Intent(
        Pipeline.id(),
        new OrderRef(VENUE, "Sim101", "ENTRY1"),
        "ENTRY1",
        strategy,
        null,
        null,
        false,
        false,
        null,
        Map.of(),
        Instant.now());
  }
}
