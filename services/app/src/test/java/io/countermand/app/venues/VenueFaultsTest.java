package io.countermand.app.venues;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.app.role.Roles;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.VenuePause;
import io.countermand.observe.OpsPort;
import io.countermand.platform.Topics;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong at one venue, through the whole pipeline; the others do not notice. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class VenueFaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Pipeline pipeline;

  VenueFaultsTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @AfterEach
  void healed() {
    pipeline.stack().simulator().faults().clear();
  }

  @Test
  void shouldKeepAPausedVenuesQueue() {
    // Given
    pipeline.stack().simulator().faults().add(cancels("cadenza", 1, new Fault.TooMany("6")));
    OrderRef limited = pipeline.place("cadenza");
    Intent patient = Pipeline.patient(limited);
    pipeline.publish(patient);
    Instant paused = awaitPause(limited);
    // When: a deadline within the pause, however late its intent is published
    OrderRef hopeless = pipeline.place("cadenza");
    Intent hasty = Pipeline.until(hopeless, paused.plusSeconds(5));
    pipeline.publish(hasty);
    OrderRef elsewhere = pipeline.place("crosstrade");
    Outcome other = pipeline.cancel(Pipeline.intent(elsewhere));
    // Then: the other venue runs on, the deadline produces an outcome, the patient one gets through
    assertThat(other.result()).isEqualTo(CancelResult.CANCELED);
    Outcome late = pipeline.await(hasty.cancelId());
    assertThat(late.result()).isEqualTo(CancelResult.REJECTED);
    assertThat(late.reason()).isIn(Reason.DEADLINE_PASSED, Reason.RATE_LIMITED);
    assertThat(pipeline.cancelCalls(hopeless)).isEmpty();
    assertThat(pipeline.await(patient.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
    List<JournalCall> calls = pipeline.cancelCalls(limited);
    assertThat(calls).hasSize(2);
    assertThat(calls.getLast().received().at()).isAfterOrEqualTo(paused.plusSeconds(6));
    assertThat(callsOf("cadenza", paused))
        .filteredOn(call -> call.received().at().isBefore(paused.plusSeconds(6)))
        .hasSize(1);
  }

  @Test
  @Tag("long") // a pause that outlasts a desk's start
  void shouldTellADeskThatStartsAnewOfAPause() {
    // Given: a pause, known to the one desk there is
    pipeline.stack().simulator().faults().add(cancels("cadenza", 1, new Fault.TooMany("7")));
    OrderRef limited = pipeline.place("cadenza");
    Intent first = Pipeline.patient(limited);
    pipeline.publish(first);
    Instant paused = awaitPause(limited);
    // When: that desk ends, and one that knows nothing of it takes its place
    pipeline.stack().stop("desk");
    try (Roles others = new Roles(pipeline.stack().config(), OpsPort.none())) {
      others.start("desk");
      OrderRef order = pipeline.place("cadenza");
      Outcome outcome = pipeline.cancel(Pipeline.patient(order));
      // Then
      assertThat(outcome.result()).isEqualTo(CancelResult.CANCELED);
      assertThat(pipeline.cancelCalls(order).getFirst().received().at())
          .isAfterOrEqualTo(paused.plusSeconds(7));
      assertThat(pipeline.await(first.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
    } finally {
      pipeline.stack().start("desk");
      pipeline.stack().awaitReady();
    }
  }

  @Test
  void shouldFindOutWhatBecameOfAnUnansweredCancel() {
    // Given: the venue cancels, and says 500
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(cancels("cadenza", 1, new Fault.ServerError(true, 500)));
    OrderRef order = pipeline.place("cadenza");
    // When
    Outcome outcome = pipeline.cancel(Pipeline.intent(order));
    // Then
    assertThat(outcome.result()).isEqualTo(CancelResult.CANCELED);
    assertThat(outcome.attempts().getFirst().reply()).isEqualTo(ReplyKind.AMBIGUOUS);
  }

  @Test
  void shouldShowAPenaltyTicketAgainInTime() {
    // Given
    pipeline.stack().simulator().faults().add(cancels("tradovate", 1, new Fault.Ticket(2, false)));
    OrderRef order = pipeline.place("tradovate");
    // When
    Outcome outcome = pipeline.cancel(Pipeline.patient(order));
    // Then
    assertThat(outcome.result()).isEqualTo(CancelResult.CANCELED);
    List<JournalCall> calls = pipeline.cancelCalls(order);
    assertThat(calls).hasSize(2);
    assertThat(Duration.between(calls.getFirst().received().at(), calls.getLast().received().at()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void shouldStopCallingAVenueThatDoesNotAnswer() {
    // Given
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(cancels("neuratrade", 1_000_000, new Fault.Reset(false)));
    List<OrderRef> orders = new ArrayList<>();
    List<Intent> intents = new ArrayList<>();
    // Once the breaker is open it lets three calls through every two seconds, first calls before
    // repeats: so the first repeat comes after some 15 s, however few were called before it opened.
    for (int i = 0; i < 24; i++) {
      OrderRef order = pipeline.place("neuratrade");
      orders.add(order);
      intents.add(Pipeline.patient(order));
    }
    // When
    intents.forEach(pipeline::publish);
    Outcome other = pipeline.cancel(Pipeline.intent(pipeline.place("crosstrade")));
    Awaitility.await("a first repeat")
        .atMost(PATIENCE)
        .until(() -> orders.stream().anyMatch(o -> pipeline.cancelCalls(o).size() > 1));
    pipeline.stack().simulator().faults().clear();
    // Then: the other venue did not notice, and once the venue is back every cancel gets through
    assertThat(other.result()).isEqualTo(CancelResult.CANCELED);
    for (int i = 0; i < orders.size(); i++) {
      Outcome outcome = pipeline.await(intents.get(i).cancelId());
      boolean open = pipeline.stack().simulator().book().find(orders.get(i)).open();
      assertThat(outcome.result()).as("%s", outcome).isEqualTo(CancelResult.CANCELED);
      assertThat(open).isFalse();
    }
  }

  private static FaultRule cancels(String venue, int times, Fault fault) {
    return FaultRule.next(venue, times, fault).on(CallKind.CANCEL);
  }

  private List<JournalCall> callsOf(String venue, Instant since) {
    return pipeline.stack().simulator().journal().calls().stream()
        .filter(call -> call.received().venue().equals(venue))
        .filter(call -> !call.received().at().isBefore(since))
        .toList();
  }

  /**
   * Returns once the pause that the first call of the order met is in the log: from then on the
   * desk there is keeps it, and so does one that starts anew.
   *
   * @return when the venue got that call; the pause begins no earlier
   */
  private Instant awaitPause(OrderRef order) {
    Awaitility.await("call of " + order)
        .atMost(PATIENCE)
        .until(() -> !pipeline.cancelCalls(order).isEmpty());
    Instant called = pipeline.cancelCalls(order).getFirst().received().at();
    Awaitility.await("pause of " + order.venue())
        .atMost(PATIENCE)
        .until(
            () ->
                pipeline.read(Topics.PAUSES).stream()
                    .filter(record -> record.value() != null)
                    .map(record -> pipeline.decode(record, VenuePause.class))
                    .anyMatch(
                        pause ->
                            pause.getVenue().equals(order.venue())
                                && !pause.getAt().isBefore(called)));
    return called;
  }
}
