package io.countermand.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.events.Cancel;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.DecidedBy;
import io.countermand.events.Evidence;
import io.countermand.events.OrderKey;
import io.countermand.events.Reason;
import io.countermand.events.serde.EventSerdes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PendingCancelsTest {

  private static final OrderKey ONE = OrderKey.of("v", "a", "1");
  private static final OrderKey TWO = OrderKey.of("v", "a", "2");
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

  private final PendingCancels pending =
      new PendingCancels(
          EventSerdes.ofSchemas(Map.of(7, CancelOutcome.getClassSchema().toString()))
              .decoder(CancelOutcome.class));

  @Test
  void shouldMatchByOrderAndId() throws Exception {
    // Given: one id for two orders
    SentCancel one = sent(ONE, "same", false);
    SentCancel two = sent(TWO, "same", false);
    SentCancel other = sent(ONE, "other", false);
    // When
    pending.offer(record(outcome(one, CancelResult.CANCELED)));
    // Then
    assertThat(one.outcome().get(60, TimeUnit.SECONDS).getCancel().getOrderId()).isEqualTo("1");
    assertThat(two.outcome()).isNotDone();
    assertThat(pending.open()).containsExactlyInAnyOrder(two, other);
  }

  @Test
  void shouldAnswerAllThatAskedForOneCancel() throws Exception {
    // Given
    List<SentCancel> both = List.of(sent(ONE, "x", false), sent(ONE, "x", false));
    // When
    pending.offer(record(outcome(both.getFirst(), CancelResult.REJECTED)));
    // Then
    for (SentCancel each : both) {
      assertThat(each.outcome().get(60, TimeUnit.SECONDS).getResult())
          .isEqualTo(CancelResult.REJECTED);
    }
    assertThat(pending.open()).isEmpty();
  }

  /** Whoever waits for all that is open, to close, must not be told of what has just ended. */
  @Test
  void shouldNotCountAsOpenWhatHasAnOutcomeThatOthersHearOfBefore() throws Exception {
    // Given
    SentCancel sent = sent(ONE, "x", false);
    var open = sent.record().thenApply(_ -> pending.open());
    // When
    pending.offer(record(outcome(sent, CancelResult.CANCELED)));
    // Then
    assertThat(open.get(60, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void shouldSayThatTheIdStoodForAnotherRequest() {
    // Given
    SentCancel first = sent(ONE, "x", false);
    SentCancel other = sent(ONE, "x", true);
    // When
    pending.offer(record(outcome(first, CancelResult.CANCELED)));
    // Then
    assertThat(first.outcome()).succeedsWithin(Duration.ofSeconds(60));
    ClientException said = failure(other);
    assertThat(said.problem()).isEqualTo(Problem.ID_IN_USE);
    assertThat(said.outcome().value().getResult()).isEqualTo(CancelResult.CANCELED);
  }

  @Test
  void shouldCountTheDeadlineByTheBrokersClock() {
    // Given: this machine is 30 s behind, so of 40 s to the deadline the broker leaves 10
    SentCancel sent = sent(ONE, "x", false);
    sent.acknowledged(appended(NOW.plusSeconds(30)), NOW, 0, NOW, Duration.ofSeconds(5));
    // When
    pending.expire(Duration.ofMillis(14_999).toNanos());
    assertThat(pending.open()).containsExactly(sent);
    pending.expire(Duration.ofSeconds(15).toNanos());
    // Then
    ClientException said = failure(sent);
    assertThat(said.problem()).isEqualTo(Problem.NO_OUTCOME);
    assertThat(said).hasMessageContaining("30 s behind");
  }

  /** It was appended between sending and acknowledgement: that says nothing of a clock. */
  @Test
  void shouldNotTakeALateAcknowledgementForAClockThatIsAhead() {
    // Given
    SentCancel sent = sent(ONE, "x", false);
    // When
    Instant late = NOW.plusSeconds(30);
    sent.acknowledged(appended(NOW.plusMillis(5)), NOW, 0, late, Duration.ofSeconds(5));
    pending.expire(Duration.ofMinutes(2).toNanos());
    // Then
    assertThat(sent.behind()).isZero();
    assertThat(failure(sent)).hasMessageNotContaining("clock");
  }

  @Test
  void shouldSayThatTheClockIsAheadOfTheBrokers() {
    // Given
    SentCancel sent = sent(ONE, "x", false);
    // When: appended before it was sent, and acknowledged late
    Instant late = NOW.plusSeconds(20);
    sent.acknowledged(appended(NOW.minusSeconds(30)), NOW, 0, late, Duration.ofSeconds(5));
    pending.expire(Duration.ofMinutes(2).toNanos());
    // Then
    assertThat(sent.behind()).isEqualTo(Duration.ofSeconds(-30));
    assertThat(failure(sent)).hasMessageContaining("30 s ahead of");
  }

  private static RecordMetadata appended(Instant at) {
    return new RecordMetadata(new TopicPartition("t", 0), 0, 0, at.toEpochMilli(), 1, 1);
  }

  @Test
  void shouldLoseNoOtherRecordByOneThatThrows() throws Exception {
    // Given
    SentCancel one = sent(ONE, "x", false);
    SentCancel two = sent(TWO, "x", false);
    ConsumerRecord<byte[], byte[]> bad =
        new ConsumerRecord<>("cancel-outcomes", 0, 0, ONE.bytes(), new byte[0]) {
          @Override
          public byte[] value() {
            throw new StackOverflowError("of test");
          }
        };
    // When
    List.of(bad, record(outcome(two, CancelResult.CANCELED))).forEach(pending::offer);
    // Then
    assertThat(two.outcome().get(60, TimeUnit.SECONDS).getResult())
        .isEqualTo(CancelResult.CANCELED);
    assertThat(one.outcome()).isNotDone();
  }

  /** Else futures would hang, those of later cancels, too. */
  @Test
  void shouldTellWhoWaitsOfAnErrorOfTheReaderAndReadOn() throws Exception {
    // Given
    var consumer = new MockConsumer<byte[], byte[]>("latest");
    consumer.updateEndOffsets(Map.of(new TopicPartition("cancel-outcomes", 0), 0L));
    var next = new CountDownLatch(1);
    consumer.schedulePollTask(
        () -> {
          throw new StackOverflowError("of test");
        });
    consumer.schedulePollTask(next::countDown);
    SentCancel waits = sent(ONE, "x", false);
    var tail = new OutcomeTail(consumer, List.of(0), pending);
    // When
    tail.start();
    try {
      // Then
      ClientException said = failure(waits);
      assertThat(said.problem()).isEqualTo(Problem.OTHER);
      assertThat(said).hasMessageContaining("of test");
      assertThat(next.await(60, TimeUnit.SECONDS)).isTrue();
      SentCancel later = sent(TWO, "y", false);
      consumer.schedulePollTask(
          () -> consumer.addRecord(record(outcome(later, CancelResult.CANCELED))));
      assertThat(later.outcome().get(60, TimeUnit.SECONDS).getResult())
          .isEqualTo(CancelResult.CANCELED);
    } finally {
      tail.close();
    }
  }

  @Test
  void shouldNotWaitForOneThatItsCallerGaveUp() {
    // Given
    SentCancel sent = sent(ONE, "x", false);
    // When
    sent.outcome().cancel(false);
    // Then
    assertThat(pending.open()).isEmpty();
  }

  private static ClientException failure(SentCancel sent) {
    try {
      throw new AssertionError("answered: " + sent.outcome().get(60, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return (ClientException) e.getCause();
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private SentCancel sent(OrderKey order, String id, boolean override) {
    var sent =
        new SentCancel(
            order,
            CancelIntent.newBuilder()
                .setCancelId(id)
                .setVenue(order.venue())
                .setAccount(order.account())
                .setOrderId(order.orderId())
                .setOverride(override)
                .setDeadline(NOW.plusSeconds(40))
                .setCreatedAt(NOW)
                .build());
    pending.add(sent);
    return sent;
  }

  private static CancelOutcome outcome(SentCancel of, CancelResult result) {
    CancelIntent intent = of.intent();
    return CancelOutcome.newBuilder()
        .setCancel(
            Cancel.newBuilder()
                .setCancelId(intent.getCancelId())
                .setVenue(intent.getVenue())
                .setAccount(intent.getAccount())
                .setOrderId(intent.getOrderId())
                .setOverride(intent.getOverride())
                .setCreatedAt(NOW)
                .setDeadline(NOW)
                .setReceivedAt(NOW)
                .setIntent(new Evidence("cancel-intents", 0, 0L))
                .setDigest("d")
                .build())
        .setResult(result)
        .setReason(Reason.OTHER)
        .setText("")
        .setDecidedBy(DecidedBy.VENUE)
        .setDecidedAt(NOW)
        .build();
  }

  private static ConsumerRecord<byte[], byte[]> record(CancelOutcome outcome) {
    try {
      var out = new java.io.ByteArrayOutputStream();
      out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(7).array());
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new SpecificDatumWriter<>(CancelOutcome.class).write(outcome, encoder);
      return new ConsumerRecord<>(
          "cancel-outcomes", 0, 0, OrderKey.of(outcome.getCancel()).bytes(), out.toByteArray());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
