package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.events.Attempt;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelResult;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import io.countermand.kafka.ownership.LeaseRecords;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
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
  private final RegistryAway registry = new RegistryAway(CancelProgress.class);
  private final EventSerdes serdes =
      new EventSerdes(registry, Map.of("auto.register.schemas", true), Runnable::run);
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
    refused(cancel(start.plusSeconds(5)), Reason.ORDER_CANCELED, place(1, 4));
    // Then
    assertThat(outcome().getResult()).isEqualTo(CancelResult.REJECTED);
  }

  @Test
  void shouldSaySoWhereADecisionOnAnotherIntentCannotBeReadYet() {
    // Given: number 1 is of another order, by a schema that nobody can be asked for
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    registry.away = true;
    progress("v/a/other", later(refusal(cancel("c0", 3), Reason.ORDER_CANCELED)), place(1, 3));
    // When
    refused(cancel(start.plusSeconds(5)), Reason.ORDER_CANCELED, place(2, 4));
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.getAttempts()).isEmpty();
  }

  @Test
  void shouldHearOfAnotherIntentByADecisionThatCannotBeReadYet() {
    // Given: number 1 is of the intent behind
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    registry.away = true;
    progress("v/a/other", later(refusal(cancel("c0", 5), Reason.ORDER_CANCELED)), place(1, 5));
    // When: another desk says so
    refused(cancel(start.plusSeconds(5)), Reason.ORDER_CANCELED);
    // Then
    assertThat(outcome().getResult()).isEqualTo(CancelResult.REJECTED);
  }

  @Test
  void shouldNotSaySoWhereTheDesksOwnDecisionIsADeadLetter() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    progress(ORDER.key(), new byte[] {1, 2, 3}, place(1, 4));
    lease(new Lease(A, Set.of(), 0, 10, start, 1, 5, true));
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
  void shouldNotSaySoWhereTheDesksOwnDecisionTurnsOutToBeADeadLetter() {
    // Given: by its place it is known, and so it was where another desk's refusal stands
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    registry.denies = true;
    Cancel cancel = cancel(start.plusSeconds(50));
    progress(ORDER.key(), later(refusal(cancel, Reason.ORDER_CANCELED)), place(1, 4));
    refused(cancel, Reason.ORDER_CANCELED);
    lease(new Lease(A, Set.of(), 0, 10, start, 1, 10, true));
    assertThat(outcomes()).isEmpty();
    // When
    pass(Duration.ofSeconds(30));
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.CANCELED);
    assertThat(outcome.getAttempts())
        .extracting(Attempt::getAttemptId)
        .containsExactly("lease-" + A);
  }

  @Test
  void shouldNotSayThatNothingWasSentWhereAMarkerUnderNoLeaseIsADeadLetter() {
    // Given: a desk called after a rest, or once more, and was killed; nobody knows its schema
    registry.denies = true;
    Cancel cancel = cancel(start.plusSeconds(50));
    progress(ORDER.key(), later(routed(cancel)), Lease.Place.unleased(4, "a1"));
    // When: another desk decides it again, too late
    refused(cancel, Reason.DEADLINE_PASSED);
    pass(Duration.ofSeconds(80));
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.UNRESOLVED);
    assertThat(outcome.getAttempts()).extracting(Attempt::getAttemptId).containsExactly("lease-0");
  }

  @Test
  void shouldKnowACallByItsAnswerThoughItsMarkerIsADeadLetter() {
    // Given
    progress(ORDER.key(), new byte[] {1, 2, 3}, Lease.Place.unleased(4, "a1"));
    // When
    replied(cancel(start.plusSeconds(5)), "a1", new Reply.NotOpen(ReplyDetails.NOTHING));
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.getAttempts()).extracting(Attempt::getAttemptId).containsExactly("a1");
  }

  @Test
  void shouldNotTakeTheAnswerToAnotherCallForThatOfADeadLetter() {
    // Given
    progress(ORDER.key(), new byte[] {1, 2, 3}, Lease.Place.unleased(4, "a1"));
    // When
    replied(cancel(start.plusSeconds(5)), "a2", new Reply.NotOpen(ReplyDetails.NOTHING));
    pass(Duration.ofSeconds(20));
    // Then
    assertThat(outcome().getResult()).isEqualTo(CancelResult.UNRESOLVED);
  }

  @Test
  void shouldKnowACallOnceItsMarkerIsSentOnceMoreAndRead() {
    // Given
    Cancel cancel = cancel(start.plusSeconds(5));
    progress(ORDER.key(), new byte[] {1, 2, 3}, place(1, 4));
    // When
    progress(ORDER.key(), refusal(cancel, Reason.ORDER_CANCELED), place(1, 4));
    // Then
    assertThat(outcome().getResult()).isEqualTo(CancelResult.REJECTED);
  }

  @Test
  void shouldNotSayThatItWasNotByUsOfOneThatJoinedAndMayHaveBeenCalled() {
    // Given: c1 joined c0; another desk had decided it, and nobody can read what
    Cancel leader = cancel("c0", 3);
    Cancel joined = cancel("c1", 4);
    progress(ORDER.key(), routed(leader), Lease.Place.unleased(3, "a1"));
    var join = new DeskDecision.Join("c0", null);
    progress(ORDER.key(), bytes(ProgressCodec.decided(joined, join, start, "desk-2")), null);
    progress(ORDER.key(), new byte[] {1, 2, 3}, place(1, 4));
    // When
    replied(leader, "a1", new Reply.NotOpen(ReplyDetails.NOTHING));
    // Then: it goes on by itself
    CancelOutcome outcome = outcome();
    assertThat(outcome.getCancel().getCancelId()).isEqualTo("c0");
    assertThat(outcome.getResult()).isEqualTo(CancelResult.REJECTED);
    pass(Duration.ofSeconds(80));
    assertThat(outcome().getResult()).isEqualTo(CancelResult.UNRESOLVED);
  }

  @Test
  void shouldNotForgetForASuccessorThatItsLeaderMayHaveBeenCalled() {
    // Given: c0's call is a dead letter; c1 joined it, and succeeds it at its deadline
    Cancel leader = cancel("c0", 3, start.plusSeconds(5));
    Cancel joined = cancel("c1", 4, start.plusSeconds(50));
    progress(ORDER.key(), new byte[] {1, 2, 3}, Lease.Place.unleased(3, "a1"));
    refused(leader, Reason.QUEUE_FULL);
    var join = new DeskDecision.Join("c0", null);
    progress(ORDER.key(), bytes(ProgressCodec.decided(joined, join, start, "desk-2")), null);
    pass(Duration.ofSeconds(8));
    assertThat(outcome().getResult()).isEqualTo(CancelResult.UNRESOLVED);
    // When
    replied(joined, "a2", new Reply.NotOpen(ReplyDetails.NOTHING));
    assertThat(outcomes()).isEmpty();
    pass(Duration.ofSeconds(60));
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.UNRESOLVED);
    assertThat(outcome.getAttempts())
        .extracting(Attempt::getAttemptId, Attempt::getSent)
        .containsExactlyInAnyOrder(tuple("lease-0@3", true), tuple("a2", true));
  }

  /** Its leader's call is a dead letter, and its leader has its outcome. */
  private Cancel successorInDoubt(Cancel leader) {
    Cancel joined = cancel("c1", 4, start.plusSeconds(50));
    progress(ORDER.key(), new byte[] {1, 2, 3}, Lease.Place.unleased(3, "a1"));
    refused(leader, Reason.QUEUE_FULL);
    var join = new DeskDecision.Join("c0", null);
    progress(ORDER.key(), bytes(ProgressCodec.decided(joined, join, start, "desk-2")), null);
    pass(Duration.ofSeconds(8));
    assertThat(outcome().getResult()).isEqualTo(CancelResult.UNRESOLVED);
    return joined;
  }

  @Test
  void shouldKnowOfASuccessorThatItsLeaderWasCalledOnceTheMarkerIsSentOnceMore() {
    // Given
    Cancel leader = cancel("c0", 3, start.plusSeconds(5));
    Cancel joined = successorInDoubt(leader);
    // When
    progress(ORDER.key(), routed(leader), Lease.Place.unleased(3, "a1"));
    replied(joined, "a2", new Reply.NotOpen(ReplyDetails.NOTHING));
    pass(Duration.ofSeconds(60));
    // Then: the order is over, and nobody knows by which of the two calls
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.UNRESOLVED);
    assertThat(outcome.getAttempts()).extracting(Attempt::getAttemptId).contains("a1");
  }

  @Test
  void shouldTakeTheLateAnswerToItsLeadersCallForASuccessorsThoughTheMarkerIsADeadLetter() {
    // Given
    Cancel leader = cancel("c0", 3, start.plusSeconds(5));
    successorInDoubt(leader);
    // When
    replied(leader, "a1", new Reply.Canceled(ReplyDetails.NOTHING));
    pass(Duration.ofSeconds(60));
    // Then
    assertThat(outcome().getResult()).isEqualTo(CancelResult.CANCELED);
  }

  @Test
  void shouldJudgeWhatItReadsLateByWhatTheLogSaidThere() {
    // Given: something of the order cannot be read yet; B refuses; A's decision comes behind that
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    registry.away = true;
    progress(ORDER.key(), later(refusal(cancel("c0", 3), Reason.ORDER_CANCELED)), null);
    refused(cancel(start.plusSeconds(50)), Reason.ORDER_CANCELED);
    refused(cancel(start.plusSeconds(50)), Reason.ORDER_CANCELED, place(1, 4));
    lease(new Lease(A, Set.of(), 0, 10, start, 1, 10, true));
    assertThat(outcomes()).isEmpty();
    // When
    registry.away = false;
    pass(Duration.ofSeconds(20));
    // Then: what an audit finds, too
    assertThat(outcomes())
        .extracting(each -> each.getCancel().getCancelId(), CancelOutcome::getResult)
        .containsExactly(tuple("c0", CancelResult.CANCELED), tuple("c1", CancelResult.CANCELED));
  }

  @Test
  void shouldNotJudgeWhatItReadsLateByALeaseThatCameBehind() {
    // Given
    registry.away = true;
    progress(ORDER.key(), later(refusal(cancel("c0", 3), Reason.ORDER_CANCELED)), null);
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    // When
    registry.away = false;
    pass(Duration.ofSeconds(20));
    // Then
    assertThat(outcome().getResult()).isEqualTo(CancelResult.REJECTED);
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
  void shouldAnswerOnceTheLeaseHasEnded() {
    // Given: B refuses what A may have called
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    refused(cancel(start.plusSeconds(50)), Reason.UNKNOWN_VENUE);
    pass(Duration.ofSeconds(2));
    assertThat(outcomes()).isEmpty();
    // When
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 4, true));
    pass(Duration.ofSeconds(1));
    // Then
    refusedWithoutACall(outcome());
  }

  @Test
  void shouldAnswerOnceADecisionOnAnotherOrderProvesIt() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    refused(cancel(start.plusSeconds(50)), Reason.UNKNOWN_VENUE);
    // When: the desk had read on
    registry.away = true;
    progress("v/a/other", later(refusal(cancel("c0", 5), Reason.ORDER_CANCELED)), place(1, 5));
    pass(Duration.ofSeconds(1));
    // Then
    refusedWithoutACall(outcome());
  }

  @Test
  void shouldAnswerOnceARecordOfItsOrderFindsItProved() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    refused(cancel(start.plusSeconds(50)), Reason.UNKNOWN_VENUE);
    // When
    refused(cancel("c0", 5), Reason.DEADLINE_PASSED, place(1, 5));
    pass(Duration.ofSeconds(1));
    // Then
    refusedWithoutACall(outcome());
  }

  @Test
  void shouldLookAgainForEachOfAnOrder() {
    // Given: a lease that never ends holds one back, and another ends before a refusal can be read
    lease(new Lease(A, Set.of(), 0, 5, start, 0, 0, false));
    refused(cancel(start.plusSeconds(50)), Reason.UNKNOWN_VENUE);
    lease(new Lease(A + 1, Set.of(), 5, 10, start, 0, 5, false));
    registry.away = true;
    Cancel second = cancel("c2", 7);
    progress(ORDER.key(), later(refusal(second, Reason.UNKNOWN_VENUE)), null);
    lease(new Lease(A + 1, Set.of(), 5, 10, start, 0, 6, true));
    pass(Duration.ofSeconds(1));
    // When
    registry.away = false;
    pass(Duration.ofSeconds(20));
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getCancel().getCancelId()).isEqualTo("c2");
    assertThat(outcome.getResult()).isEqualTo(CancelResult.REJECTED);
  }

  @Test
  void shouldLookAgainAtWhatItFindsInItsStore() {
    // Given: the lease has ended, and the ledger has not looked again
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    refused(cancel(start.plusSeconds(50)), Reason.UNKNOWN_VENUE);
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 4, true));
    // When: another owner begins with what is in the store
    var context =
        new MockProcessorContext<byte[], OutputRecord>(new Properties(), new TaskId(0, 0), null);
    context.setCurrentSystemTimeMs(start.toEpochMilli());
    List.of(Ledger.ORDERS, Ledger.SETTLED, Ledger.PARKED)
        .forEach(name -> context.addStateStore(driver().getKeyValueStore(name)));
    var next =
        new LedgerProcessor(
            settings(), serdes, new Placement(1), Objects.requireNonNull(meters), Map.of());
    next.init(context);
    List.copyOf(context.scheduledPunctuators())
        .forEach(each -> each.getPunctuator().punctuate(start.plusSeconds(1).toEpochMilli()));
    // Then
    assertThat(context.forwarded())
        .extracting(each -> each.record().value().topic())
        .containsExactly(Topics.PROGRESS);
    next.close();
  }

  @Test
  void shouldGoOnWaitingForALeaseThatHoldsTheOutcomeBackStill() {
    // Given: two desks may have called, and the intent's deadline is 12 s away with its grace
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    lease(new Lease(A + 1, Set.of(), 0, 10, start, 0, 0, false));
    refused(cancel(start.plusSeconds(10)), Reason.UNKNOWN_VENUE);
    // When
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 4, true));
    pass(Duration.ofSeconds(9));
    assertThat(outcomes()).isEmpty();
    pass(Duration.ofSeconds(6));
    // Then
    CancelOutcome outcome = outcome();
    assertThat(outcome.getResult()).isEqualTo(CancelResult.UNRESOLVED);
  }

  @Test
  void shouldNotAnswerBeforeTheDeadlineWhatMayBeDecidedOtherwiseUntilThen() {
    // Given
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 0, false));
    refused(cancel(start.plusSeconds(10)), Reason.QUEUE_FULL);
    // When
    lease(new Lease(A, Set.of(), 0, 10, start, 0, 4, true));
    pass(Duration.ofSeconds(5));
    // Then
    assertThat(outcomes()).isEmpty();
  }

  private static void refusedWithoutACall(CancelOutcome outcome) {
    assertThat(outcome.getCancel().getCancelId()).isEqualTo("c1");
    assertThat(outcome.getResult()).isEqualTo(CancelResult.REJECTED);
    assertThat(outcome.getReason()).isEqualTo(io.countermand.events.Reason.UNKNOWN_VENUE);
    assertThat(outcome.getDecidedBy()).isEqualTo(io.countermand.events.DecidedBy.DESK);
    assertThat(outcome.getAttempts())
        .extracting(Attempt::getAttemptId, Attempt::getSent)
        .containsExactly(tuple("lease-" + A, false));
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
        new LedgerStores(
            driver().getKeyValueStore(Ledger.ORDERS),
            driver().getKeyValueStore(Ledger.SETTLED),
            settings(),
            0,
            0,
            start);
    // Then
    var intent = new Evidence(Topics.INTENTS, 0, 4);
    Leases leases = books.leases().there(new Record<>(new byte[0], new byte[0], 0), intent);
    assertThat(books.leases().mayHaveCalled(cancel(start.plusSeconds(5)), leases))
        .containsExactly(A);
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
    progress(ORDER.key(), refusal(cancel, reason), place);
  }

  private byte[] refusal(Cancel cancel, Reason reason) {
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
    CancelProgress record = ProgressCodec.decided(cancel, decision, start, "desk-2");
    return serdes.serializer(CancelProgress.class).serialize(Topics.PROGRESS, record);
  }

  private byte[] routed(Cancel cancel) {
    var route = new DeskDecision.Route(null, false, null);
    return bytes(ProgressCodec.decided(cancel, route, "a1", start, "desk-1"));
  }

  private void replied(Cancel cancel, String attemptId, Reply reply) {
    CancelProgress record =
        ProgressCodec.replied(
            cancel,
            attemptId,
            1,
            RequestKind.CANCEL,
            reply,
            cancel.intent(),
            true,
            start,
            null,
            null,
            start,
            "desk-1");
    progress(ORDER.key(), bytes(record), null);
  }

  private byte[] bytes(CancelProgress record) {
    return serdes.serializer(CancelProgress.class).serialize(Topics.PROGRESS, record);
  }

  /** The same by a schema that can be read once the registry is there. */
  private static byte[] later(byte[] value) {
    ByteBuffer.wrap(value).putInt(1, RegistryAway.NEW_ID);
    return value;
  }

  private static Lease.Place place(long number, long intent) {
    return new Lease.Place(A, number, intent, intent + 1, Lease.Place.NOT_TOLD);
  }

  private void progress(String key, byte[] value, Lease.@Nullable Place place) {
    var headers = new RecordHeaders();
    if (place != null) {
      LeaseRecords.add(headers, place);
    }
    progress(key.getBytes(StandardCharsets.UTF_8), value, headers);
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
    List<CancelOutcome> all = outcomes();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private List<CancelOutcome> outcomes() {
    return driver()
        .createOutputTopic(
            Topics.OUTCOMES, new ByteArrayDeserializer(), serdes.deserializer(CancelOutcome.class))
        .readValuesToList();
  }

  /** As the ledger makes it of the intent at offset 4. */
  private Cancel cancel(Instant deadline) {
    return cancel("c1", 4, deadline);
  }

  private Cancel cancel(String cancelId, long offset) {
    return cancel(cancelId, offset, start.plusSeconds(50));
  }

  private Cancel cancel(String cancelId, long offset, Instant deadline) {
    Intent intent =
        new Intent(
            cancelId, ORDER, null, null, null, deadline, false, false, null, Map.of(), start);
    var checked = settings().check().check(intent, new Evidence(Topics.INTENTS, 0, offset), start);
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
