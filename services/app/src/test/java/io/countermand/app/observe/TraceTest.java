package io.countermand.app.observe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.codec.IntentCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.TraceContext;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.AttemptReplied;
import io.countermand.events.AttemptStarted;
import io.countermand.events.CancelProgress;
import io.countermand.events.Joined;
import io.countermand.events.Repeated;
import io.countermand.events.Routed;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.platform.Topics;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Follows traces from the producer's header to the venue's call and the outcome's header. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class TraceTest {

  private static final String STATE = "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7";

  private final Pipeline pipeline;

  TraceTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @AfterEach
  void healed() {
    pipeline.stack().simulator().faults().clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {"crosstrade", "crosstrade-webhook", "cadenza", "neuratrade", "tradovate"})
  void shouldCarryATraceFromTheProducerToTheVenueAndTheOutcome(String venue) {
    // Given
    OrderRef order = pipeline.place(venue);
    Intent intent = Pipeline.intent(order);
    TraceContext asked = trace();
    // When
    pipeline.publish(intent, asked);
    Cancel cancel = pipeline.await(intent.cancelId()).cancel();
    // Then
    TraceContext desk = asked.atDesk(cancel);
    eventually(
        () -> {
          Progress progress = progress(order);
          List<TraceContext> attempts = progress.attempts().stream().map(asked::atAttempt).toList();
          assertThat(progress.of(Routed.class)).containsExactly(desk);
          assertThat(attempts).isNotEmpty();
          // The first attempt's marker is the desk's decision.
          assertThat(progress.of(AttemptStarted.class))
              .isEqualTo(attempts.subList(1, attempts.size()));
          assertThat(progress.of(AttemptReplied.class)).isEqualTo(attempts);
          assertThat(atVenue(order))
              .isEqualTo(attempts.stream().map(TraceContext::traceparent).toList());
        });
    assertThat(traces(Topics.OUTCOMES, order)).containsExactly(asked.atOutcome(cancel));
  }

  @Test
  void shouldCarryATracePastAWebSocketVenueWhoseMessagesHaveNoPlaceForIt() {
    // Given
    OrderRef order = pipeline.place("crosstrade-ws");
    Intent intent = Pipeline.intent(order);
    TraceContext asked = trace();
    // When
    pipeline.publish(intent, asked);
    Cancel cancel = pipeline.await(intent.cancelId()).cancel();
    // Then
    eventually(
        () -> {
          Progress progress = progress(order);
          assertThat(progress.of(AttemptReplied.class))
              .isNotEmpty()
              .isEqualTo(progress.attempts().stream().map(asked::atAttempt).toList());
          assertThat(atVenue(order)).hasSameSizeAs(progress.attempts()).containsOnlyNulls();
        });
    assertThat(traces(Topics.OUTCOMES, order)).containsExactly(asked.atOutcome(cancel));
  }

  @Test
  void shouldCarryTheTraceToLaterAttempts() {
    // Given: two attempts that the venue answers with an error
    fault(FaultRule.next("cadenza", 2, new Fault.ServerError(false, 500)));
    OrderRef order = pipeline.place("cadenza");
    Intent intent = Pipeline.intent(order);
    TraceContext asked = trace();
    // When
    pipeline.publish(intent, asked);
    Cancel cancel = pipeline.await(intent.cancelId()).cancel();
    // Then
    eventually(
        () -> {
          Progress progress = progress(order);
          List<String> calls =
              progress.attempts().stream().map(id -> asked.atAttempt(id).traceparent()).toList();
          assertThat(calls).hasSizeGreaterThan(2).doesNotHaveDuplicates();
          assertThat(atVenue(order)).isEqualTo(calls);
          List<TraceContext> retries = traces(Topics.RETRIES, order);
          assertThat(retries)
              .hasSize(calls.size() - 1)
              .startsWith(asked.atRetry(cancel, 2), asked.atRetry(cancel, 3));
        });
    assertThat(traces(Topics.OUTCOMES, order)).containsExactly(asked.atOutcome(cancel));
  }

  @Test
  void shouldAnswerAJoinedIntentInItsOwnTrace() {
    // Given: a venue that takes its time, so that the second joins
    fault(FaultRule.next("crosstrade", 1, new Fault.Delay(Duration.ofSeconds(3))));
    OrderRef order = pipeline.place("crosstrade");
    Intent first = Pipeline.intent(order);
    Intent second = Pipeline.intent(order);
    TraceContext one = trace();
    TraceContext two = trace();
    // When
    pipeline.publishBoth(first, one, second, two);
    Cancel leader = pipeline.await(first.cancelId()).cancel();
    Outcome joined = pipeline.await(second.cancelId());
    // Then
    assertThat(joined.joinedTo()).isEqualTo(first.cancelId());
    assertThat(progress(order).of(Joined.class)).containsExactly(two.atDesk(joined.cancel()));
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
    eventually(
        () ->
            assertThat(atVenue(order))
                .isEqualTo(
                    progress(order).attempts().stream()
                        .map(id -> one.atAttempt(id).traceparent())
                        .toList()));
    assertThat(traces(Topics.OUTCOMES, order))
        .containsExactlyInAnyOrder(one.atOutcome(leader), two.atOutcome(joined.cancel()));
  }

  @Test
  void shouldTakeNoTraceFromADuplicate() {
    // Given: a venue that takes its time, so that the duplicate comes while the first is open
    fault(FaultRule.next("crosstrade", 1, new Fault.Delay(Duration.ofSeconds(3))));
    OrderRef order = pipeline.place("crosstrade");
    Intent intent = Pipeline.intent(order);
    // When
    pipeline.publishBoth(intent, null, intent, trace());
    pipeline.await(intent.cancelId());
    // Then
    eventually(
        () -> assertThat(progress(order).of(Repeated.class)).hasSize(1).doesNotContainNull());
    assertThat(traces(Topics.OUTCOMES, order)).containsExactly((TraceContext) null);
  }

  @Test
  void shouldKeepTheTraceOfARecordThatIsMovedToItsRightKey() {
    // Given
    OrderRef order = pipeline.place("crosstrade");
    Intent intent = Pipeline.intent(order);
    TraceContext asked = trace();
    // When
    pipeline.publishRaw("elsewhere", IntentCodec.toAvro(intent), TraceHeaders.of(asked));
    Cancel cancel = pipeline.await(intent.cancelId()).cancel();
    // Then
    assertThat(traces(Topics.OUTCOMES, order)).containsExactly(asked.atOutcome(cancel));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01"
      })
  void shouldCancelWithoutATraceWhereTheHeaderIsNone(String header) {
    // Given
    OrderRef order = pipeline.place("crosstrade");
    Intent intent = Pipeline.intent(order);
    var headers = new RecordHeaders();
    headers.add(TraceHeaders.PARENT, header.getBytes(StandardCharsets.UTF_8));
    headers.add(TraceHeaders.STATE, STATE.getBytes(StandardCharsets.UTF_8));
    // When
    pipeline.publishRaw(order.key(), IntentCodec.toAvro(intent), headers);
    pipeline.await(intent.cancelId());
    // Then
    assertThat(atVenue(order)).containsOnlyNulls();
    assertThat(of(Topics.OUTCOMES, order))
        .hasSize(1)
        .allMatch(r -> r.headers().toArray().length == 0);
  }

  @Test
  void shouldMakeUpNoTrace() {
    // Given
    OrderRef order = pipeline.place("crosstrade");
    // When
    pipeline.cancel(Pipeline.intent(order));
    // Then
    assertThat(atVenue(order)).containsOnlyNulls();
    for (String topic : List.of(Topics.PROGRESS, Topics.OUTCOMES)) {
      assertThat(of(topic, order)) // a decision may have its place under a lease
          .isNotEmpty()
          .allMatch(r -> r.headers().lastHeader(TraceHeaders.PARENT) == null)
          .allMatch(r -> r.headers().lastHeader(TraceHeaders.STATE) == null);
    }
  }

  @Test
  void shouldLogEachHopOfASampledTraceAndNoneOfOthers() throws IOException {
    // Given
    OrderRef order = pipeline.place("crosstrade");
    OrderRef quiet = pipeline.place("crosstrade");
    Intent intent = Pipeline.intent(order);
    Intent unsampled = Pipeline.intent(quiet);
    TraceContext asked = trace();
    TraceContext hushed =
        requireNonNull(TraceContext.parse(trace().traceparent().replaceAll("1$", "0"), null));
    // When
    pipeline.publish(unsampled, hushed);
    pipeline.publish(intent, asked);
    pipeline.await(unsampled.cancelId());
    Cancel cancel = pipeline.await(intent.cancelId()).cancel();
    // Then
    TraceContext desk = asked.atDesk(cancel);
    eventually(
        () -> {
          List<String> attempts =
              progress(order).attempts().stream().map(id -> asked.atAttempt(id).spanId()).toList();
          List<String> queries = attempts.subList(1, attempts.size());
          assertThat(logged(asked.traceId()).stream().filter(hop -> !queries.contains(hop.get(1))))
              .containsExactlyInAnyOrder(
                  List.of("desk", desk.spanId(), asked.spanId(), "Route"),
                  List.of("attempt", attempts.getFirst(), desk.spanId(), "Accepted"),
                  List.of("outcome", asked.atOutcome(cancel).spanId(), desk.spanId(), "CANCELED"));
        });
    assertThat(logged(hushed.traceId())).isEmpty();
  }

  /** Hop, span, parent span and what it came to, of each line of a trace. */
  private List<List<String>> logged(String traceId) throws IOException {
    List<List<String>> hops = new ArrayList<>();
    var json = new ObjectMapper();
    for (String line : pipeline.stack().log()) {
      if (line.contains(traceId)) {
        JsonNode entry = json.readTree(line);
        assertThat(entry.at("/mdc/trace_id").asText()).isEqualTo(traceId);
        List<String> hop = new ArrayList<>();
        entry.at("/kvpList").forEach(pair -> pair.forEach(value -> hop.add(value.asText())));
        hops.add(List.of(hop.get(0), entry.at("/mdc/span_id").asText(), hop.get(1), hop.get(3)));
      }
    }
    return hops;
  }

  /**
   * A venue that only accepts is asked for the status, too, a second later: of that query the
   * outcome need not have waited. And a line of the log may be read while it is written.
   */
  private static void eventually(ThrowingRunnable holds) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(holds);
  }

  /** A producer's span in a trace of its own, sampled. */
  private static TraceContext trace() {
    return requireNonNull(
        TraceContext.parse("00-" + Pipeline.id() + "-00f067aa0ba902b7-01", STATE));
  }

  private void fault(FaultRule rule) {
    pipeline.stack().simulator().faults().add(rule.on(CallKind.CANCEL));
  }

  private List<String> atVenue(OrderRef order) {
    return pipeline.stack().simulator().journal().calls(order).stream()
        .map(call -> call.received().traceparent())
        .toList();
  }

  private List<ConsumerRecord<byte[], byte[]>> of(String topic, OrderRef order) {
    byte[] key = order.key().getBytes(StandardCharsets.UTF_8);
    return pipeline.read(topic).stream()
        .filter(record -> java.util.Arrays.equals(record.key(), key))
        .toList();
  }

  private List<TraceContext> traces(String topic, OrderRef order) {
    return of(topic, order).stream().map(record -> TraceHeaders.read(record.headers())).toList();
  }

  private Progress progress(OrderRef order) {
    return new Progress(
        of(Topics.PROGRESS, order).stream()
            .map(
                r ->
                    new Step(
                        pipeline.decode(r, CancelProgress.class).getWhat(),
                        TraceHeaders.read(r.headers())))
            .toList());
  }

  private record Step(Object what, TraceContext trace) {}

  /** The progress records of an order. */
  private record Progress(List<Step> steps) {

    List<TraceContext> of(Class<?> type) {
      return steps.stream().filter(step -> type.isInstance(step.what)).map(Step::trace).toList();
    }

    List<String> attempts() {
      return steps.stream()
          .map(
              step ->
                  switch (step.what) {
                    case Routed routed -> routed.getAttemptId();
                    case AttemptStarted started -> started.getAttemptId();
                    default -> null;
                  })
          .filter(Objects::nonNull)
          .toList();
    }
  }
}
