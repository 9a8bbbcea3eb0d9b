package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.codec.IntentCodec;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.events.DeadLetter;
import io.countermand.events.DeadLetterReason;
import io.countermand.kafka.Placement;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Poison stops nothing: each bad record is answered or in dead letters, and the next one goes. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class BadInputTest {

  private static final String VENUE = "crosstrade";
  private static final byte[] KEY = (VENUE + "/Sim101/bad").getBytes(StandardCharsets.UTF_8);

  private final Pipeline pipeline;

  BadInputTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @AfterEach
  void shouldGoOn() {
    OrderRef order = pipeline.place(VENUE);
    assertThat(pipeline.cancel(Pipeline.intent(order)).result()).isEqualTo(CancelResult.CANCELED);
  }

  @Test
  void shouldDeadLetterBytesThatAreNoAvro() {
    // When
    RecordMetadata at = pipeline.publish(KEY, "{\"cancel\":1}".getBytes(StandardCharsets.UTF_8));
    // Then
    DeadLetter letter = pipeline.awaitDeadLetter(at);
    assertThat(letter.getReason()).isEqualTo(DeadLetterReason.NOT_AVRO);
    assertThat(letter.getText()).contains(Topics.INTENTS);
    assertThat(StandardCharsets.UTF_8.decode(letter.getValue()).toString())
        .isEqualTo("{\"cancel\":1}");
  }

  @Test
  @Tag("long") // an id that the registry denies is believed for 15 s
  void shouldDeadLetterAnUnknownSchemaId() {
    // When
    RecordMetadata at = pipeline.publish(KEY, new byte[] {0, 0x7f, 1, 2, 3, 4, 5});
    // Then
    assertThat(pipeline.awaitDeadLetter(at).getReason()).isEqualTo(DeadLetterReason.UNKNOWN_SCHEMA);
  }

  @Test
  void shouldDeadLetterANullValue() {
    // When
    RecordMetadata at = pipeline.publish(KEY, null);
    // Then
    DeadLetter letter = pipeline.awaitDeadLetter(at);
    assertThat(letter.getReason()).isEqualTo(DeadLetterReason.NULL_VALUE);
    assertThat(letter.getValueSize()).isEqualTo(-1);
  }

  @Test
  void shouldDeadLetterAnIntentWithoutCancelId() {
    // When
    RecordMetadata at = pipeline.publish(Pipeline.intent("", pipeline.place(VENUE)));
    // Then
    assertThat(pipeline.awaitDeadLetter(at).getReason()).isEqualTo(DeadLetterReason.NO_CANCEL_ID);
  }

  @Test
  void shouldMoveARecordWithTheWrongKeyToItsRightPlace() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    Intent intent = Pipeline.intent(order);
    // When
    for (String wrong : new String[] {"some/other/key", "", "\u00ff"}) {
      pipeline.publish(wrong.getBytes(StandardCharsets.ISO_8859_1), bytes(intent));
    }
    pipeline.publish(null, bytes(intent));
    // Then
    assertThat(pipeline.await(intent.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
    assertThat(pipeline.outcomesOf(intent.cancelId())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "elsewhere",
        "cancel-intents-0@4",
        "cancel-intents-999@4",
        "order-events-0@1"
      })
  void shouldMoveARecordWhoseHeaderSaysThatItWasMovedBefore(String header) {
    // Given a mirror's copy of a record that was moved in another cluster
    OrderRef order = pipeline.place(VENUE);
    Intent intent = Pipeline.intent(order);
    var headers = new RecordHeaders();
    headers.add(Placement.MOVED_FROM, header.getBytes(StandardCharsets.UTF_8));
    // When
    pipeline.publishRaw("some/other/key", IntentCodec.toAvro(intent), headers);
    // Then
    assertThat(pipeline.await(intent.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
  }

  @Test
  void shouldAnswerWhatWasMovedAgainAndAgain() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    Intent intent = Pipeline.intent(order);
    var headers = new RecordHeaders();
    for (int i = 0; i < Placement.MOST_MOVES; i++) {
      headers.add(Placement.MOVED_FROM, Placement.movedFrom(new Evidence(Topics.INTENTS, i, 0)));
    }
    // When
    pipeline.publishRaw("some/other/key", IntentCodec.toAvro(intent), headers);
    // Then
    Outcome outcome = pipeline.await(intent.cancelId());
    assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.text()).contains("wrong partition", "cancel-intents-0@0");
    assertThat(pipeline.cancelCalls(order)).isEmpty();
  }

  @Test
  void shouldRejectMissingIds() {
    rejects(new OrderRef(VENUE, "Sim101", ""), Reason.MALFORMED, "orderId is empty");
    rejects(new OrderRef(VENUE, "", "1"), Reason.MALFORMED, "account is empty");
    rejects(new OrderRef("", "", ""), Reason.MALFORMED, "venue is empty");
  }

  @Test
  void shouldRejectAnUnknownVenue() {
    rejects(new OrderRef("nowhere", "Sim101", "1"), Reason.UNKNOWN_VENUE, "crosstrade");
  }

  @Test
  void shouldRejectAPastDeadline() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    Intent intent =
        new Intent(
            Pipeline.id(),
            order,
            null,
            null,
            null,
            Instant.now().minusSeconds(60),
            false,
            false,
            null,
            Map.of(),
            Instant.now());
    // When
    Outcome outcome = pipeline.cancel(intent);
    // Then
    assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.reason()).isEqualTo(Reason.DEADLINE_PASSED);
    assertThat(pipeline.cancelCalls(order)).isEmpty();
  }

  @Test
  void shouldRejectAnAttributeOfAMegabyte() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    Intent intent =
        new Intent(
            Pipeline.id(),
            order,
            null,
            null,
            null,
            null,
            false,
            false,
            null,
            Map.of("note", "x".repeat(1024 * 1024)),
            Instant.now());
    // When
    Outcome outcome = pipeline.cancel(intent);
    // Then
    assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.reason()).isEqualTo(Reason.MALFORMED);
    assertThat(outcome.text()).contains("16384");
  }

  @Test
  void shouldDeadLetterTheSameCancelIdWithOtherContent() {
    // Given
    OrderRef order = pipeline.place(VENUE);
    Intent intent = Pipeline.intent(order);
    pipeline.cancel(intent);
    Intent other =
        new Intent(
            intent.cancelId(),
            order,
            null,
            null,
            "other-ClOrdID",
            null,
            true,
            false,
            null,
            Map.of(),
            Instant.now());
    // When
    RecordMetadata at = pipeline.publish(other);
    // Then
    assertThat(pipeline.awaitDeadLetter(at).getReason())
        .isEqualTo(DeadLetterReason.CONFLICTING_CONTENT);
    assertThat(pipeline.outcomesOf(intent.cancelId())).hasSize(1);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
  }

  private void rejects(OrderRef order, Reason reason, String text) {
    Outcome outcome = pipeline.cancel(Pipeline.intent(order));
    assertThat(outcome.result()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.reason()).isEqualTo(reason);
    assertThat(outcome.text()).contains(text);
  }

  private byte[] bytes(Intent intent) {
    try (var serdes = pipeline.stack().connection().serdes()) {
      return serdes
          .serializer(CancelIntent.class)
          .serialize(Topics.INTENTS, IntentCodec.toAvro(intent));
    }
  }
}
