package io.countermand.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Attempt;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class PipelineTest {

  private static final String VENUE = "crosstrade";

  private final Pipeline pipeline;

  PipelineTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldCancelAnOpenOrder() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    // When
    Outcome outcome = pipeline.cancel(Pipeline.intent(order));
    // Then
    assertThat(outcome.result()).isEqualTo(CancelResult.CANCELED);
    assertThat(outcome.ordStatus()).isEqualTo(OrdStatus.CANCELED);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
    assertThat(pipeline.stack().simulator().book().find(order).open()).isFalse();
  }

  @Test
  void shouldNotCallTheVenueForAFilledOrder() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    pipeline.stack().simulator().book().fill(order);
    pipeline.awaitTable(
        order, state -> state.getOrdStatus() == io.countermand.events.OrdStatus.FILLED);
    // When
    Outcome outcome = pipeline.cancel(Pipeline.intent(order));
    // Then
    assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.reason()).isEqualTo(Reason.ORDER_FILLED);
    assertThat(outcome.decidedBy()).isEqualTo(DecidedBy.DESK);
    assertThat(outcome.executedQty()).isEqualByComparingTo(BigDecimal.TEN);
    assertThat(pipeline.cancelCalls(order)).isEmpty();
  }

  @Test
  void shouldCallTheVenueForAFilledOrderWhenToldTo() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    pipeline.stack().simulator().book().fill(order);
    pipeline.awaitTable(
        order, state -> state.getOrdStatus() == io.countermand.events.OrdStatus.FILLED);
    Intent plain = Pipeline.intent(order);
    var override =
        new Intent(
            plain.cancelId(),
            order,
            null,
            null,
            null,
            null,
            true,
            false,
            null,
            Map.of(),
            plain.createdAt());
    // When
    Outcome outcome = pipeline.cancel(override);
    // Then
    assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.reason()).isEqualTo(Reason.ORDER_FILLED);
    // The venue says "not found or already terminal"; which, the table knows.
    assertThat(outcome.decidedBy()).isEqualTo(DecidedBy.ORDER_EVENTS);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
  }

  @Test
  void shouldTellTheExecutedQuantityOfAPartlyFilledOrder() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    pipeline.stack().simulator().book().fill(order, new BigDecimal("4"), null);
    pipeline.awaitTable(
        order, state -> state.getOrdStatus() == io.countermand.events.OrdStatus.PARTIALLY_FILLED);
    // When
    Outcome outcome = pipeline.cancel(Pipeline.intent(order));
    // Then
    assertThat(outcome.result()).isEqualTo(CancelResult.CANCELED);
    assertThat(outcome.executedQty()).isEqualByComparingTo("4");
  }

  @Test
  void shouldRejectWhatTheVenueDoesNotHave() {
    // Given
    OrderRef order = new OrderRef(VENUE, "Sim101", Pipeline.id());
    // When
    Outcome outcome = pipeline.cancel(Pipeline.intent(order));
    // Then
    assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.decidedBy()).isEqualTo(DecidedBy.VENUE);
    // The venue says "not found or already terminal", and is asked which, once.
    assertThat(outcome.attempts())
        .extracting(Attempt::kind)
        .containsExactly(RequestKind.CANCEL, RequestKind.STATUS);
    assertThat(outcome.text()).contains("nobody knows which");
  }

  @Test
  void shouldAnswerTheSameCancelIdOnce() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    Intent intent = Pipeline.intent(order);
    // When
    pipeline.publish(intent);
    pipeline.publish(intent);
    pipeline.await(intent.cancelId());
    pipeline.publish(intent);
    OrderRef later = pipeline.place(VENUE);
    pipeline.cancel(Pipeline.intent(later));
    // Then
    assertThat(pipeline.outcomesOf(intent.cancelId())).hasSize(1);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
  }

  @Test
  void shouldJoinASecondCancelOfTheSameOrder() {
    // Given: a venue that takes its time, so that the first is still live when the second comes
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(FaultRule.next(VENUE, 1, new Fault.Delay(Duration.ofSeconds(3))).on(CallKind.CANCEL));
    OrderRef order = pipeline.place(VENUE);
    Intent first = Pipeline.intent(order);
    Intent second = Pipeline.intent(order);
    // When
    pipeline.publishBoth(first, null, second, null);
    Outcome one = pipeline.await(first.cancelId());
    Outcome two = pipeline.await(second.cancelId());
    // Then
    assertThat(one.result()).isEqualTo(CancelResult.CANCELED);
    assertThat(two.result()).isEqualTo(CancelResult.CANCELED);
    assertThat(two.joinedTo()).isEqualTo(first.cancelId());
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
  }
}
