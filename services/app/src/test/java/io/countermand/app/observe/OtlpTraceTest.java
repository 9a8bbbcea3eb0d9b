package io.countermand.app.observe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.app.pipeline.SpanCollector.Exported;
import io.countermand.codec.MassCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.TraceContext;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.trace.TraceHeaders;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a user's own collector sees of a cancel: one tree, below the user's own span. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class OtlpTraceTest {

  private static final String STATE = "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7";

  private final Pipeline pipeline;

  OtlpTraceTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @AfterEach
  void healed() {
    pipeline.stack().simulator().faults().clear();
  }

  @Test
  void shouldExportACancelWithRetriesAsOneUnbrokenTree() {
    // Given: two attempts that the venue answers with an error
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(FaultRule.next("cadenza", 2, new Fault.ServerError(false, 500)).on(CallKind.CANCEL));
    OrderRef order = pipeline.place("cadenza");
    Intent intent = Pipeline.patient(order);
    TraceContext asked = trace();
    // When
    pipeline.publish(intent, asked);
    Cancel cancel = pipeline.await(intent.cancelId()).cancel();
    // Then
    String desk = asked.atDesk(cancel).spanId();
    eventually(
        () -> {
          List<Exported> all = pipeline.collector().trace(asked.traceId());
          assertUnbroken(all, asked);
          List<Exported> calls = of(all, "cancel cadenza", "status cadenza");
          List<Exported> retries = of(all, "send cancel-retries");
          List<Exported> waits = of(all, "wait cadenza");
          assertThat(calls).hasSizeGreaterThan(2);
          assertThat(retries).hasSameSizeAs(calls.subList(1, calls.size()));
          Exported decided = only(all, "process cancel-intents");
          Exported settled = only(all, "send cancel-outcomes");
          assertThat(decided.spanId()).isEqualTo(desk);
          assertThat(decided.parent()).isEqualTo(asked.spanId());
          assertThat(settled.spanId()).isEqualTo(asked.atOutcome(cancel).spanId());
          assertThat(settled.parent()).isEqualTo(desk);
          assertThat(retries).extracting(Exported::parent).containsOnly(desk);
          assertThat(retries)
              .extracting(Exported::spanId)
              .contains(asked.atRetry(cancel, 2).spanId(), asked.atRetry(cancel, 3).spanId());
          // Each call is below what asked for it, and bears the id that the venue was shown.
          Set<String> askers = ids(retries);
          askers.add(desk);
          assertThat(calls).extracting(Exported::parent).hasSameElementsAs(askers);
          // The first waits, too, where the venue has a pause of another test.
          assertThat(waits)
              .extracting(Exported::parent)
              .doesNotHaveDuplicates()
              .containsAll(ids(retries))
              .isSubsetOf(askers);
          assertThat(
                  pipeline.stack().simulator().journal().calls(order).stream()
                      .map(call -> call.received().traceparent()))
              .containsExactlyInAnyOrderElementsOf(
                  calls.stream()
                      .map(each -> "00-" + each.traceId() + "-" + each.spanId() + "-01")
                      .toList());
        });
    assertWords(pipeline.collector().trace(asked.traceId()), cancel);
  }

  /** In OpenTelemetry's words where it has some. */
  private void assertWords(List<Exported> all, Cancel cancel) {
    Exported decided = only(all, "process cancel-intents");
    assertThat(decided.service()).isEqualTo("countermand-desk");
    assertThat(decided.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
    assertThat(decided.span().getTraceState()).isEqualTo(STATE);
    assertThat(decided.attributes())
        .containsEntry("messaging.system", "kafka")
        .containsEntry("messaging.operation.type", "process")
        .containsEntry("messaging.destination.name", Topics.INTENTS)
        .containsEntry(
            "messaging.destination.partition.id", Integer.toString(cancel.intent().partition()))
        .containsEntry("messaging.kafka.offset", Long.toString(cancel.intent().offset()))
        .containsEntry("countermand.cancel_id", cancel.cancelId())
        .containsEntry("countermand.decision", "route");
    assertThat(decided.span().getStartTimeUnixNano())
        .isEqualTo(TimeUnit.MILLISECONDS.toNanos(cancel.receivedAt().toEpochMilli()));
    Exported settled = only(all, "send cancel-outcomes");
    assertThat(settled.service()).isEqualTo("countermand-ledger");
    assertThat(settled.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_PRODUCER);
    assertThat(settled.attributes())
        .containsEntry("messaging.operation.type", "send")
        .containsEntry("countermand.result", "CANCELED");
    List<Exported> failed =
        of(all, "cancel cadenza").stream()
            .filter(each -> each.attributes().get("countermand.reply").equals("ambiguous"))
            .toList();
    assertThat(failed)
        .hasSize(2)
        .allSatisfy(
            each -> {
              assertThat(each.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
              assertThat(each.span().getStatus().getMessage()).isEqualTo("ambiguous");
              assertThat(each.span().getEventsList())
                  .extracting(Span.Event::getName)
                  .containsExactly("sent", "replied");
              assertThat(each.attributes())
                  .containsEntry("error.type", "ambiguous")
                  .containsEntry("http.response.status_code", "500")
                  .containsEntry("server.address", "127.0.0.1")
                  .containsEntry("countermand.sent", "true")
                  .containsKeys("server.port", "http.request.method", "countermand.attempt_id");
            });
    // Who reads traces need not know of orders and accounts.
    assertThat(all)
        .allSatisfy(
            each ->
                assertThat(each.span().toString())
                    .doesNotContain(cancel.order().orderId(), cancel.order().account(), "http:"));
  }

  @Test
  void shouldLinkAJoinedIntentToTheCancelThatItJoined() {
    // Given: a venue that takes its time, so that the second joins
    pipeline
        .stack()
        .simulator()
        .faults()
        .add(
            FaultRule.next("crosstrade", 1, new Fault.Delay(Duration.ofSeconds(3)))
                .on(CallKind.CANCEL));
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
    eventually(
        () -> {
          List<Exported> own = pipeline.collector().trace(two.traceId());
          assertUnbroken(own, two);
          assertUnbroken(pipeline.collector().trace(one.traceId()), one);
          assertThat(own)
              .extracting(each -> each.span().getName())
              .containsExactlyInAnyOrder("process cancel-intents", "send cancel-outcomes");
          assertThat(only(own, "process cancel-intents").attributes())
              .containsEntry("countermand.decision", "join")
              .containsEntry("countermand.joined_to", first.cancelId());
          assertThat(only(own, "send cancel-outcomes").span().getLinksList())
              .singleElement()
              .satisfies(
                  link ->
                      assertThat(java.util.HexFormat.of().formatHex(link.getSpanId().toByteArray()))
                          .isEqualTo(one.atOutcome(leader).spanId()));
        });
  }

  @Test
  void shouldExportAMassCancelAsOneTreeWithABranchForEachOrder() {
    // Given
    String account = "T" + Pipeline.id().substring(0, 8);
    List<OrderRef> orders =
        List.of(
            new OrderRef("cadenza", account, Pipeline.orderId("cadenza")),
            new OrderRef("cadenza", account, Pipeline.orderId("cadenza")));
    orders.forEach(
        order ->
            pipeline
                .stack()
                .simulator()
                .book()
                .place(NewOrder.of("cadenza", account, order.orderId(), "10")));
    orders.forEach(order -> pipeline.awaitTable(order, _ -> true));
    var mass =
        new MassCancel(
            Pipeline.id(),
            MassScope.of("cadenza", account),
            "test",
            "traced",
            null,
            false,
            false,
            Instant.now());
    TraceContext asked = trace();
    // When
    publish(mass, asked);
    List<String> ids =
        orders.stream()
            .map(order -> MassIntents.intent(mass, order).cancelId())
            .map(id -> pipeline.await(id).cancel().cancelId())
            .toList();
    // Then
    eventually(
        () -> {
          List<Exported> all = pipeline.collector().trace(asked.traceId());
          assertUnbroken(all, asked);
          Exported spread = only(all, "process mass-cancels");
          assertThat(spread.parent()).isEqualTo(asked.spanId());
          assertThat(spread.attributes()).containsEntry("countermand.mass_id", mass.massId());
          assertThat(of(all, "process cancel-intents"))
              .hasSize(2)
              .allSatisfy(each -> assertThat(each.parent()).isEqualTo(spread.spanId()))
              .extracting(each -> each.attributes().get("countermand.cancel_id"))
              .containsExactlyInAnyOrderElementsOf(ids);
          assertThat(of(all, "cancel cadenza")).hasSize(2);
          assertThat(of(all, "send cancel-outcomes")).hasSize(2);
        });
  }

  @Test
  void shouldExportNothingOfATraceThatIsNotSampled() {
    // Given
    Intent unsampled = Pipeline.intent(pipeline.place("cadenza"));
    Intent after = Pipeline.intent(pipeline.place("cadenza"));
    TraceContext hushed =
        requireNonNull(TraceContext.parse(trace().traceparent().replaceAll("1$", "0"), null));
    TraceContext asked = trace();
    // When
    pipeline.publish(unsampled, hushed);
    pipeline.await(unsampled.cancelId());
    pipeline.publish(after, asked);
    pipeline.await(after.cancelId());
    // Then
    eventually(
        () ->
            assertThat(of(pipeline.collector().trace(asked.traceId()), "send cancel-outcomes"))
                .hasSize(1));
    assertThat(pipeline.collector().trace(hushed.traceId())).isEmpty();
  }

  private void publish(MassCancel mass, TraceContext trace) {
    try (EventSerdes serdes = pipeline.stack().connection().serdes();
        var producer =
            new KafkaProducer<>(
                pipeline.stack().connection().producer("test"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      producer.send(
          new ProducerRecord<>(
              Topics.MASS_CANCELS,
              null,
              mass.massId().getBytes(StandardCharsets.UTF_8),
              serdes
                  .serializer(io.countermand.events.MassCancel.class)
                  .serialize(Topics.MASS_CANCELS, MassCodec.toAvro(mass)),
              TraceHeaders.of(trace)));
    }
  }

  /**
   * Every span's parent is in the trace, or is the user's own span; and none ends before it begins.
   */
  private static void assertUnbroken(List<Exported> all, TraceContext asked) {
    Map<String, Exported> byId =
        all.stream().collect(Collectors.toMap(Exported::spanId, each -> each));
    assertThat(all)
        .isNotEmpty()
        .allSatisfy(
            each -> {
              assertThat(each.parent())
                  .as("parent of %s", each.span().getName())
                  .satisfiesAnyOf(
                      id -> assertThat(byId).containsKey(id),
                      id -> assertThat(id).isEqualTo(asked.spanId()));
              assertThat(each.span().getEndTimeUnixNano())
                  .isGreaterThanOrEqualTo(each.span().getStartTimeUnixNano());
            });
    assertThat(byId).doesNotContainKey(asked.spanId());
  }

  private static List<Exported> of(List<Exported> all, String... names) {
    return all.stream().filter(each -> Set.of(names).contains(each.span().getName())).toList();
  }

  private static Exported only(List<Exported> all, String name) {
    assertThat(of(all, name)).as(name).hasSize(1);
    return of(all, name).getFirst();
  }

  private static Set<String> ids(List<Exported> spans) {
    return spans.stream()
        .map(Exported::spanId)
        .collect(Collectors.toCollection(java.util.HashSet::new));
  }

  private static void eventually(ThrowingRunnable holds) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(holds);
  }

  /** A producer's span in a trace of its own, sampled. */
  private static TraceContext trace() {
    return requireNonNull(
        TraceContext.parse("00-" + Pipeline.id() + "-00f067aa0ba902b7-01", STATE));
  }
}
