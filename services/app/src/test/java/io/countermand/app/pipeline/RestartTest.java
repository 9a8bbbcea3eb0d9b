package io.countermand.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A role that is stopped and started in the middle of a run loses and doubles nothing. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class RestartTest {

  private static final int EACH = 60;

  private final Pipeline pipeline;

  RestartTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @ParameterizedTest
  @ValueSource(strings = {"desk", "ledger"})
  void shouldLoseAndDoubleNothing(String role) {
    // Given
    List<Intent> intents = new ArrayList<>();
    List<OrderRef> orders = new ArrayList<>();
    OrderRef filled = pipeline.place("crosstrade");
    pipeline.stack().simulator().book().fill(filled);
    pipeline.awaitTable(
        filled, state -> state.getOrdStatus() == io.countermand.events.OrdStatus.FILLED);
    // When
    some(orders, intents);
    pipeline.stack().stop(role);
    some(orders, intents);
    pipeline.stack().start(role);
    some(orders, intents);
    Intent ofFilled = Pipeline.patient(filled);
    pipeline.publish(ofFilled);
    // Then
    for (Intent intent : intents) {
      assertThat(pipeline.await(intent.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
    }
    assertThat(pipeline.await(ofFilled.cancelId()).result()).isEqualTo(CancelResult.REJECTED);
    assertThat(pipeline.cancelCalls(filled)).isEmpty(); // the table came back
    pipeline.cancel(Pipeline.intent(pipeline.place("crosstrade")));
    for (Intent intent : intents) {
      assertThat(pipeline.outcomesOf(intent.cancelId())).hasSize(1);
    }
    for (OrderRef order : orders) {
      assertThat(pipeline.cancelCalls(order)).hasSize(1);
    }
  }

  private void some(List<OrderRef> orders, List<Intent> intents) {
    for (int i = 0; i < EACH; i++) {
      OrderRef order = pipeline.place("crosstrade");
      Intent intent = Pipeline.patient(order);
      orders.add(order);
      intents.add(intent);
      pipeline.publish(intent);
    }
  }
}
