package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.DeskDecision;
import io.countermand.domain.Evidence;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.LedgerRules;
import io.countermand.domain.OrdStatus;
import io.countermand.domain.OrderRef;
import io.countermand.domain.OrderState;
import io.countermand.domain.Reason;
import io.countermand.domain.lease.Lease;
import io.countermand.events.Attempt;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelResult;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.LeaseRecords;
import io.countermand.kafka.Placement;
import io.countermand.kafka.StreamsSettings;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a desk may have done under its lease is not denied because another desk says otherwise. */
class LedgerLeaseTest {

  private static final OrderRef ORDER = new OrderRef("v", "a", "o1");
  private static final long A = 11;

  @TempDir Path state;
  private final Instant start = Instant.now();
  private final EventSerdes serdes =
      new EventSerdes(
          new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())),
          Map.of("auto.register.schemas", true),
          Runnable::run);
  private @Nullable LedgerMeters meters;
  private @Nullable TopologyTestDriver driver;

  @BeforeEach
  void open() {
    meters = new LedgerMeters(new SimpleMeterRegistry(), settings(), InstantSource.system());
    driver =
        new TopologyTestDriver(
            Ledger.topology(settings(), serdes, new Placement(1), meters),
            settings().streams().properties(settings().connection(), true),
            start);
  }

  @AfterEach
  void close() {
    driver().close();
    Objects.requireNonNull(meters).close();
    serdes.close();
  }

  @Test
  void shouldNotSayThatNobodyOfUsCanceledAnOrderUnderAnOpenLease() {
    // Given: A is killed with its decision unsent; the venue cancels; B reads the intent again
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    // When
    refused(cancel(start.plusSeconds(5)), Reason.ORDER_CANCELED);
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.CANCELED);
    assertThat(outcome.getAttempts())
        .extracting(Attempt::getAttemptId)
        .containsExactly("lease-" + A);
  }

  @Test
  void shouldSaySoWhereTheLeaseHasEndedBefore() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, true));
    // When
    refused(cancel(start.plusSeconds(5)), Reason.ORDER_CANCELED);
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.getAttempts()).isEmpty();
  }

  @Test
  void shouldSaySoWhereTheDesksOwnDecisionIsThere() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    // When
    refused(cancel(start.plusSeconds(5)), Reason.ORDER_CANCELED, new Lease.Place(A, 1));
    // Then
    assertThat(outcome().getResult()).isEqualTo(CancelResult.REJECTED);
  }

  @Test
  void shouldSaySoWhereADecisionOnAnotherIntentCannotBeReadYet() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    // When: number 1 is missing
    refused(cancel(start.plusSeconds(5)), Reason.ORDER_CANCELED, new Lease.Place(A, 2));
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.getAttempts()).isEmpty();
  }

  @Test
  void shouldBeUnresolvedAtTheDeadlineWhereNobodyKnows() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    // When
    refused(cancel(start.plusSeconds(5)), Reason.DEADLINE_PASSED);
    pass(Duration.ofSeconds(20));
    // Then
    assertThat(outcome().getResult()).isEqualTo(CancelResult.UNRESOLVED);
  }

  @Test
  void shouldKnowThatNobodyCallsWhatCameTooLate() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    // When
    refused(cancel(start.minusSeconds(1)), Reason.DEADLINE_PASSED);
    pass(Duration.ofSeconds(20));
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.getReason()).isEqualTo(io.countermand.events.Reason.DEADLINE_PASSED);
  }

  @Test
  void shouldFindWhatLeasesLeaveOpenInItsStore() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    // When: another owner begins with what is in the store
    var books =
        new Books(
            driver().getKeyValueStore(Ledger.ORDERS),
            driver().getKeyValueStore(Ledger.SETTLED),
            settings(),
            0,
            0,
            start);
    // Then
    assertThat(books.mayHaveCalled(cancel(start.plusSeconds(5)))).containsExactly(A);
  }

  private TopologyTestDriver driver() {
    return Objects.requireNonNull(driver);
  }

  private void lease(Lease lease) {
    progress(null, null, LeaseRecords.headers(lease));
  }

  private void refused(Cancel cancel, Reason reason) {
    refused(cancel, reason, null);
  }

  private void refused(Cancel cancel, Reason reason, Lease.@Nullable Place place) {
    var order =
        new OrderState(
            OrdStatus.CANCELED,
            "Cancelled",
            BigDecimal.TEN,
            BigDecimal.ZERO,
            start,
            7L,
            start,
            new Evidence(Topics.ORDER_EVENTS, 0, 3));
    boolean ended = reason == Reason.ORDER_CANCELED;
    var decision = new DeskDecision.Refuse(reason, "refused", ended ? order : null);
    CancelProgress record = ProgressCodec.decided(cancel, decision, null, place, start, "desk-2");
    progress(
        ORDER.key().getBytes(StandardCharsets.UTF_8),
        serdes.serializer(CancelProgress.class).serialize(Topics.PROGRESS, record),
        new RecordHeaders());
  }

  private void progress(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    TestInputTopic<byte[], byte[]> topic =
        driver()
            .createInputTopic(
                Topics.PROGRESS, new ByteArraySerializer(), new ByteArraySerializer());
    topic.pipeInput(new TestRecord<>(key, value, headers, start));
  }

  private void pass(Duration time) {
    for (int second = 0; second < time.toSeconds(); second++) {
      driver().advanceWallClockTime(Duration.ofSeconds(1));
    }
  }

  private CancelOutcome outcome() {
    List<CancelOutcome> all =
        driver()
            .createOutputTopic(
                Topics.OUTCOMES,
                new ByteArrayDeserializer(),
                serdes.deserializer(CancelOutcome.class))
            .readValuesToList();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /** As the ledger makes it of the intent at offset 4. */
  private Cancel cancel(Instant deadline) {
    Intent intent =
        new Intent("c1", ORDER, null, null, null, deadline, false, false, null, Map.of(), start);
    var checked = settings().check().check(intent, new Evidence(Topics.INTENTS, 0, 4), start);
    return ((IntentCheck.WellFormed) checked).cancel();
  }

  private LedgerSettings settings() {
    return new LedgerSettings(
        new KafkaConnection("unused:1", "http://unused:1", "test", Map.of(), Map.of()),
        new StreamsSettings("ledger", state, 1, 0, 1, Duration.ofMillis(100)),
        new IntentCheck(Duration.ofSeconds(10), Duration.ofMinutes(1)),
        new LedgerRules(Duration.ofSeconds(2), Duration.ofMinutes(10), Map.of()),
        Set.of("v"),
        Duration.ofHours(24));
  }
}
