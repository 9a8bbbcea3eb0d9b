package io.countermand.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderKey;
import io.countermand.events.Reason;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client that others embed, against the real pipeline. */
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
class CancelClientTest {

  private static final String VENUE = "crosstrade";
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final PipelineAccess.Stack stack;
  private final Connection connection;

  CancelClientTest(PipelineAccess.Stack stack) {
    this.stack = stack;
    this.connection =
        Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl());
  }

  @Test
  void shouldGiveEachOrderItsOwnOutcomeThoughTheIdIsTheSame() throws Exception {
    // Given
    OrderKey open = place();
    OrderKey slow = place();
    delay(slow, Duration.ofSeconds(1));
    String id = "same-" + UUID.randomUUID();
    // When
    try (CancelClient client = CancelClient.connect(connection)) {
      List<SentCancel> sent =
          client.sendAll(
              List.of(
                  client.cancel(open).id(id).within(Duration.ofSeconds(60)),
                  client.cancel(slow).id(id).within(Duration.ofSeconds(60))));
      // Then
      for (SentCancel each : sent) {
        CancelOutcome outcome = each.outcome().get(90, TimeUnit.SECONDS);
        assertThat(OrderKey.of(outcome.getCancel())).isEqualTo(each.order());
        assertThat(outcome.getResult()).isEqualTo(CancelResult.CANCELED);
      }
      assertThat(client.open()).isEmpty();
    }
  }

  @Test
  void shouldGiveTheOutcomeThatWasThereBefore() throws Exception {
    // Given: settled before this client was there
    OrderKey order = place();
    String id = "again-" + UUID.randomUUID();
    long offset;
    try (CancelClient client = CancelClient.connect(connection)) {
      offset = outcome(client.cancel(order).id(id).because("risk limit")).offset();
    }
    // When
    try (CancelClient client = CancelClient.connect(connection)) {
      EventRecord<CancelOutcome> again = outcome(client.cancel(order).id(id).because("again"));
      EventRecord<CancelOutcome> third = outcome(client.cancel(order).id(id));
      // Then
      assertThat(List.of(again.offset(), third.offset())).containsOnly(offset);
      assertThat(again.value().getCancel().getRequester().getReason()).isEqualTo("risk limit");
    }
    assertThat(calls(order)).isEqualTo(1);
  }

  @Test
  void shouldSendTheOthersOfABatchThoughOneMakesNoSense() throws Exception {
    // Given
    OrderKey first = place();
    OrderKey last = place();
    // When
    try (CancelClient client = CancelClient.connect(connection)) {
      List<SentCancel> sent =
          client.sendAll(
              List.of(
                  client.cancel(first), client.cancel(place()).clOrdId(""), client.cancel(last)));
      // Then
      for (SentCancel each : List.of(sent.getFirst(), sent.getLast())) {
        assertThat(each.outcome().get(90, TimeUnit.SECONDS).getResult())
            .isEqualTo(CancelResult.CANCELED);
      }
      assertThat(sent.get(1).outcome().handle((_, e) -> problem(e)).join())
          .isEqualTo(Problem.INVALID);
    }
  }

  @Test
  void shouldGiveAgainWhatCameBesideARecordWhoseReaderFailed() throws Exception {
    // Given: an outcome, and garbage before it
    String topic = "outcomes-" + UUID.randomUUID();
    OrderKey order = place();
    EventRecord<CancelOutcome> first;
    try (CancelClient client = CancelClient.connect(connection)) {
      first = outcome(client.cancel(order));
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", connection.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
      try (var producer =
          new KafkaProducer<>(
              connection.producer("copy"), new ByteArraySerializer(), new ByteArraySerializer())) {
        producer.send(new ProducerRecord<>(topic, new byte[] {7, 7}));
        producer.send(new ProducerRecord<>(topic, raw(first)));
      }
      // When
      List<String> told = new ArrayList<>();
      try (var stream =
          new EventStream.Builder<>(
                  connection, topic, CancelOutcome.class, each -> each.getCancel().getCancelId())
              .fromBeginning()
              .onUnreadable(
                  each -> {
                    told.add(each.text());
                    if (told.size() == 1) {
                      throw new IllegalStateException("the reader's disk is full");
                    }
                  })
              .open()) {
        // Then
        assertThatThrownBy(() -> patient().until(() -> !stream.poll(WAIT).isEmpty()))
            .hasMessageContaining("disk is full");
        List<EventRecord<CancelOutcome>> given = new ArrayList<>();
        patient().until(() -> given.addAll(stream.poll(WAIT)));
        assertThat(given)
            .extracting(each -> each.value().getCancel().getCancelId())
            .containsExactly(first.value().getCancel().getCancelId());
        assertThat(told).hasSize(2);
      } finally {
        admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
      }
    }
  }

  private byte[] raw(EventRecord<CancelOutcome> of) {
    var place = new TopicPartition(Topics.OUTCOMES, of.partition());
    try (var consumer =
        new KafkaConsumer<>(
            connection.consumer("raw"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(place));
      consumer.seek(place, of.offset());
      return patient()
          .until(() -> consumer.poll(WAIT).records(place), found -> !found.isEmpty())
          .getFirst()
          .value();
    }
  }

  @Test
  void shouldSayWhatWasStillOpenWhenItIsClosed() {
    // Given
    OrderKey order = place();
    delay(order, Duration.ofSeconds(15));
    CancelClient client = CancelClient.connect(connection);
    SentCancel sent = client.cancel(order).within(Duration.ofSeconds(60)).dispatch();
    // When
    List<SentCancel> left = client.close(Duration.ZERO);
    // Then
    assertThat(left).containsExactly(sent);
    patient().until(sent.published()::isDone);
    assertThat(sent.published()).isCompleted();
    patient().until(sent.outcome()::isDone);
    assertThat(sent.outcome().handle((_, e) -> problem(e)).join()).isEqualTo(Problem.CLOSED);
    assertThat(client.close(Duration.ZERO)).isEmpty();
    SentCancel late = client.cancel(order).dispatch();
    patient().until(late.outcome()::isDone);
    assertThat(late.outcome().handle((_, e) -> problem(e)).join()).isEqualTo(Problem.CLOSED);
  }

  @Test
  void shouldWaitForWhatIsOpenWhenItIsClosedWithTime() {
    // Given
    CancelClient client = CancelClient.connect(connection);
    List<CancelDraft> drafts =
        IntStream.range(0, 20)
            .mapToObj(_ -> client.cancel(place()).within(Duration.ofSeconds(60)))
            .toList();
    List<SentCancel> sent = client.sendAll(drafts);
    // When
    List<SentCancel> left = client.close(Duration.ofSeconds(90));
    // Then
    assertThat(left).isEmpty();
    patient().until(() -> sent.stream().allMatch(each -> each.outcome().isDone()));
    assertThat(sent.stream().map(SentCancel::cancelId)).doesNotHaveDuplicates();
  }

  @Test
  void shouldGoOnWhereTheCallerStoredItsPosition() throws Exception {
    // Given: a risk system that has read one outcome and stored it with the positions, as text
    Instant before = Instant.now().minusSeconds(1);
    try (CancelClient client = CancelClient.connect(connection)) {
      String first = outcome(client.cancel(place())).value().getCancel().getCancelId();
      String stored;
      try (var stream = OutcomeStream.of(connection).from(before).open()) {
        assertThat(await(stream, first)).contains(first);
        stored = stream.positions().toString();
      }
      String second = outcome(client.cancel(place())).value().getCancel().getCancelId();
      // When
      try (var stream = OutcomeStream.of(connection).from(Positions.parse(stored)).open()) {
        stream.pause();
        assertThat(stream.poll(Duration.ofMillis(300))).isEmpty();
        stream.resume();
        // Then
        assertThat(await(stream, second)).contains(second).doesNotContain(first);
      }
    }
  }

  @Test
  void shouldSayThatAPositionIsNotKept() {
    ClientException said =
        catchThrowableOfType(
            ClientException.class,
            () -> {
              try (var stream =
                  OutcomeStream.of(connection)
                      .from(Positions.parse("0:900000000,1:900000000,2:900000000"))
                      .open()) {
                patient().until(() -> !stream.poll(Duration.ofMillis(200)).isEmpty());
              }
            });
    assertThat(said.problem()).isEqualTo(Problem.POSITION_LOST);
  }

  @Test
  void shouldSayThatATopicIsMissing() {
    ClientException said =
        catchThrowableOfType(
            ClientException.class,
            () ->
                new EventStream.Builder<>(connection, "none-such", CancelOutcome.class, _ -> "")
                    .open());
    assertThat(said.problem()).isEqualTo(Problem.TOPIC_MISSING);
    assertThat(said).hasMessageContaining("topics apply");
  }

  @Test
  void shouldSayThatKafkaCannotBeReached() {
    ClientException said =
        catchThrowableOfType(
            ClientException.class,
            () ->
                CancelClient.builder(
                        new Connection(
                            "127.0.0.1:1",
                            connection.registryUrl(),
                            "test",
                            connection.kafka(),
                            connection.registry()))
                    .connectWithin(Duration.ofSeconds(5))
                    .connect());
    assertThat(said.problem()).isEqualTo(Problem.KAFKA_UNREACHABLE);
  }

  @Test
  void shouldTellWhatAnOmsKnows() throws Exception {
    // Given
    OrderKey order = OrderKey.of(VENUE, "Sim101", "oms" + UUID.randomUUID());
    try (var events = OrderEventPublisher.open(connection, "oms:test");
        CancelClient client = CancelClient.connect(connection)) {
      // When: the OMS says that it is filled, so the venue is not asked
      events
          .event(order)
          .status(OrdStatus.FILLED)
          .quantity(new BigDecimal("10"))
          .executed(new BigDecimal("10"))
          .sequence(7)
          .publish()
          .get(30, TimeUnit.SECONDS);
      // Then
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> outcome(client.cancel(order)).value().getReason(), Reason.ORDER_FILLED::equals);
    }
  }

  private static ConditionFactory patient() {
    return Awaitility.await().atMost(PATIENCE);
  }

  private static Problem problem(Throwable error) {
    Throwable at = error;
    while (!(at instanceof ClientException) && at.getCause() != null) {
      at = at.getCause();
    }
    return ((ClientException) at).problem();
  }

  private static EventRecord<CancelOutcome> outcome(CancelDraft cancel) throws Exception {
    return cancel.within(Duration.ofSeconds(60)).dispatch().record().get(90, TimeUnit.SECONDS);
  }

  private static List<String> await(EventStream<CancelOutcome> stream, String cancelId) {
    List<String> ids = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              stream
                  .poll(Duration.ofMillis(100))
                  .forEach(each -> ids.add(each.value().getCancel().getCancelId()));
              return ids.contains(cancelId);
            });
    return ids;
  }

  private OrderKey place() {
    OrderKey order = OrderKey.of(VENUE, "Sim101", UUID.randomUUID().toString().replace("-", ""));
    stack.simulator().book().place(NewOrder.of(VENUE, order.account(), order.orderId(), "10"));
    return order;
  }

  private void delay(OrderKey order, Duration time) {
    stack
        .simulator()
        .faults()
        .add(
            FaultRule.next(VENUE, 1, new Fault.Delay(time))
                .on(CallKind.CANCEL)
                .forOrder(order.orderId()));
  }

  private long calls(OrderKey order) {
    var ref = new io.countermand.domain.order.OrderRef(VENUE, order.account(), order.orderId());
    return stack.simulator().journal().calls(ref).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }
}
