package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.codec.StateCodec;
import io.countermand.codec.WaitingCall;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.order.Evidence;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.ClockSkew;
import io.countermand.platform.Topics;
import io.countermand.venues.limits.Rate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of one cancel only one call to cancel waits, whoever asked for it: the desk or the ledger. */
class OneCallWaitsTest {

  private static final KafkaConnection AWAY =
      new KafkaConnection("127.0.0.1:1", "http://127.0.0.1:1", "i", Map.of(), Map.of());

  private static final Evidence REQUEST = new Evidence(Topics.RETRIES, 0, 1);

  private final Recorded store = new Recorded(VenueLaneTest.store());
  private final Queue<WaitingCalls.Handed> handed = new ConcurrentLinkedQueue<>();
  private final Instant start = Instant.now();
  private final CancelRequest first =
      Calls.request(RequestKind.CANCEL, 1, Instant.now().plusSeconds(600));
  private final Cancel cancel = first.cancel();
  private final Evidence intent = cancel.intent();
  private final CancelRequest second = asked(RequestKind.CANCEL, null);
  private final VenueLaneTest.StandingClock clock = new VenueLaneTest.StandingClock();
  private EventSerdes serdes;
  private Post post;
  private VenueLane lane;

  @BeforeEach
  void start() {
    serdes = AWAY.serdes();
    post = new Post(AWAY, serdes, new ClockSkew(), "desk");
    var venue = Calls.venue(new Calls.Counting(), new Rate(1, Duration.ofMinutes(1), 1), clock);
    var breaker = new Breaker(Calls.VENUE, Duration.ofMillis(100));
    var meters = new LaneMeters(new SimpleMeterRegistry(), Calls.VENUE);
    lane =
        new VenueLane(
            venue, new AttemptRun(venue, post, breaker, meters, "desk-i"), breaker, meters, 100);
    venue.budget().startEmpty();
  }

  @AfterEach
  void close() {
    lane.close();
    post.close();
    serdes.close();
  }

  @Test
  void shouldNotKeepWhatTheLedgerAsksForWhileTheFirstAttemptWaits() {
    // Given
    WaitingCalls waiting = begun();
    assertThat(decided(waiting)).isEqualTo(VenueLane.Offer.QUEUED);
    // When
    waiting.later(lane, second, REQUEST, WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(1);
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(store.get(id(second))).isNull();
  }

  @Test
  void shouldNotKeepAThirdWhileTheSecondWaits() {
    // Given
    WaitingCalls waiting = begun();
    waiting.later(lane, second, REQUEST, WaitingCalls.Whose.OURS);
    var third = new CancelRequest(cancel, RequestKind.CANCEL, 3, null, Instant.now());
    // When
    waiting.later(lane, third, new Evidence(Topics.RETRIES, 0, 2), WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
    assertThat(store.get(id(third))).isNull();
  }

  @Test
  void shouldTakeTheCallThatTheLedgerAskedForWhenTheIntentIsReadAgain() {
    // Given
    WaitingCalls waiting = begun();
    waiting.later(lane, second, REQUEST, WaitingCalls.Whose.OURS);
    // When
    VenueLane.Offer offer = decided(waiting);
    // Then
    assertThat(offer).isEqualTo(VenueLane.Offer.QUEUED);
    assertThat(lane.waiting(Lane.FRESH)).isZero();
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
    assertThat(store.get(id(first))).isNull();
  }

  @Test
  void shouldTakeTheHeldCallWhenTheIntentIsReadAgain() {
    // Given one whose intent was not read yet, and then a permit
    WaitingCalls waiting = begun();
    waiting.later(lane, second, REQUEST, WaitingCalls.Whose.UNKNOWN);
    clock.passes(Duration.ofMinutes(1));
    // When
    VenueLane.Offer offer = decided(waiting);
    boolean calledBefore = lane.inFlight() > 0;
    waiting.passed(intent.offset() + 1, _ -> WaitingCalls.Whose.OURS);
    // Then
    assertThat(offer).isEqualTo(VenueLane.Offer.QUEUED);
    assertThat(calledBefore).isFalse();
    assertThat(lane.inFlight()).isEqualTo(1);
  }

  @Test
  void shouldMakeWhatStandsForAKillInTheLaneOfKills() {
    // Given what the ledger asked for, of a mass cancel
    WaitingCalls waiting = begun();
    waiting.later(lane, of("m", null, 2), REQUEST, WaitingCalls.Whose.OURS);
    int before = lane.waiting(Lane.KILL);
    // When
    VenueLane.Offer offer = waiting.first(lane, first(waiting, of("m", null, 1)));
    // Then
    assertThat(before).isEqualTo(1);
    assertThat(offer).isEqualTo(VenueLane.Offer.QUEUED);
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(lane.waiting(Lane.KILL)).isEqualTo(1);
  }

  @Test
  void shouldMakeWhatIsHeldForAPriorityInItsLane() {
    // Given what the ledger asked for, whose intent was not read yet
    WaitingCalls waiting = begun();
    waiting.later(lane, of(null, 1, 2), REQUEST, WaitingCalls.Whose.UNKNOWN);
    // When
    VenueLane.Offer offer = waiting.first(lane, first(waiting, of(null, 1, 1)));
    waiting.passed(intent.offset() + 1, _ -> WaitingCalls.Whose.OURS);
    // Then
    assertThat(offer).isEqualTo(VenueLane.Offer.QUEUED);
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(lane.waiting(Lane.PRIORITY)).isEqualTo(1);
  }

  @Test
  void shouldKeepWhatTheLedgerAsksForOnceTheFirstHasBegun() {
    // Given a first attempt whose marker may be older than what the ledger asks
    clock.passes(Duration.ofMinutes(1));
    WaitingCalls waiting = begun();
    LaneCall begun = waiting.announced(first, intent, "a1");
    assertThat(waiting.first(lane, begun)).isEqualTo(VenueLane.Offer.STARTED);
    // When
    waiting.later(lane, second, REQUEST, WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
    assertThat(store.get(id(second))).isNotNull();
    lane.unannounced(begun);
  }

  @Test
  void shouldKeepWhatTheLedgerAsksForWhereTheFirstStandsInTheStoreAlone() {
    // Given a first attempt that has left the queue
    WaitingCalls waiting = begun();
    assertThat(decided(waiting)).isEqualTo(VenueLane.Offer.QUEUED);
    lane.withdraw(id(first));
    // When
    waiting.later(lane, second, REQUEST, WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
    assertThat(store.get(id(second))).isNotNull();
  }

  @Test
  void shouldKeepWhatNoOtherCallStandsFor() {
    // Given
    WaitingCalls waiting = begun();
    assertThat(decided(waiting)).isEqualTo(VenueLane.Offer.QUEUED);
    // When
    var again = asked(RequestKind.CANCEL, "what the venue wants to see");
    waiting.later(lane, again, REQUEST, WaitingCalls.Whose.OURS);
    var query = new CancelRequest(cancel, RequestKind.STATUS, 3, null, Instant.now());
    waiting.later(lane, query, new Evidence(Topics.RETRIES, 0, 2), WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
    assertThat(lane.waiting(Lane.STATUS)).isEqualTo(1);
  }

  @Test
  void shouldCallOnceWhatAnEarlierOwnerKeptTwice() {
    // Given
    left(first, intent);
    left(second, REQUEST);
    // When
    WaitingCalls _ = begun();
    // Then
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(1);
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(store.get(id(second))).isNull();
  }

  @Test
  void shouldCallOnceWhatAnEarlierOwnerKeptTwiceThoughNothingNeedsToWait() {
    // Given
    left(first, intent);
    left(second, REQUEST);
    clock.passes(Duration.ofMinutes(1));
    // When
    WaitingCalls _ = begun();
    // Then
    assertThat(lane.inFlight()).isEqualTo(1);
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(store.get(id(second))).isNull();
  }

  @Test
  void shouldCallOnceWhatWasHeldTwice() {
    // Given
    WaitingCalls waiting = begun();
    var third = new CancelRequest(cancel, RequestKind.CANCEL, 3, null, Instant.now());
    waiting.later(lane, second, REQUEST, WaitingCalls.Whose.UNKNOWN);
    waiting.later(lane, third, new Evidence(Topics.RETRIES, 0, 2), WaitingCalls.Whose.UNKNOWN);
    clock.passes(Duration.ofMinutes(1));
    // When
    waiting.passed(intent.offset() + 1, _ -> WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.inFlight()).isEqualTo(1);
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(store.get(id(third))).isNull();
  }

  @Test
  void shouldHoldOnlyWhatTheLedgerAskedForThoughItHasTheFirstNumber() {
    // Given a request for a cancel that was to join another
    var joined = new CancelRequest(cancel, RequestKind.CANCEL, 1, null, Instant.now());
    left(joined, REQUEST);
    // When another group has its intent
    var waiting = new WaitingCalls(store, Map.of(Calls.VENUE, lane), _ -> false, handed);
    waiting.restore(_ -> false);
    waiting.begin(_ -> WaitingCalls.Whose.OTHERS);
    // Then
    assertThat(lane.waiting(Lane.FRESH)).isZero();
    assertThat(store.get(id(joined))).isNull();
  }

  @Test
  void shouldPutWhatItFoundIntoTheStoreOnceMoreWhenItIsReadAgain() {
    // Given entries of which its disk alone may know
    var query = new CancelRequest(cancel, RequestKind.STATUS, 3, null, Instant.now());
    var another = new Evidence(Topics.RETRIES, 0, 2);
    left(first, intent);
    left(query, another);
    store.put.clear();
    WaitingCalls waiting = begun();
    List<String> before = List.copyOf(store.put);
    // When
    VenueLane.Offer offer = decided(waiting);
    waiting.later(lane, query, another, WaitingCalls.Whose.OURS);
    // Then
    assertThat(before).isEmpty();
    assertThat(offer).isEqualTo(VenueLane.Offer.QUEUED);
    assertThat(store.put).containsExactly(id(first), id(query));
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(1);
    assertThat(lane.waiting(Lane.STATUS)).isEqualTo(1);
  }

  @Test
  void shouldNotPutBackWhatWasMadeSince() {
    // Given
    left(first, intent);
    WaitingCalls waiting = begun();
    handed.add(new WaitingCalls.Handed(id(first), intent));
    waiting.forgetHanded();
    // When
    VenueLane.Offer _ = decided(waiting);
    // Then
    assertThat(store.get(id(first))).isNull();
  }

  @Test
  void shouldWithdrawTheFirstAttemptOfACancelThatHasItsOutcome() {
    // Given
    WaitingCalls waiting = begun();
    assertThat(decided(waiting)).isEqualTo(VenueLane.Offer.QUEUED);
    // When
    waiting.settled(cancel);
    // Then
    assertThat(lane.waiting(Lane.FRESH)).isZero();
    assertThat(store.get(id(first))).isNull();
  }

  @Test
  void shouldLeaveTheFirstAttemptOfAnotherCancelOfThatId() {
    // Given
    WaitingCalls waiting = begun();
    assertThat(decided(waiting)).isEqualTo(VenueLane.Offer.QUEUED);
    // When
    waiting.settled(
        new Cancel(
            cancel.cancelId(),
            cancel.order(),
            null,
            null,
            null,
            false,
            false,
            null,
            cancel.receivedAt(),
            cancel.deadline(),
            cancel.receivedAt(),
            intent,
            "another"));
    // Then
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(1);
  }

  @Test
  void shouldNotFindAgainWhatHasItsOutcome() {
    // Given
    left(first, intent);
    // When
    WaitingCalls waiting = begun(_ -> true);
    // Then
    assertThat(lane.waiting(Lane.FRESH)).isZero();
    assertThat(store.get(id(first))).isNull();
    assertThat(waiting.found(cancel)).isTrue();
  }

  @Test
  void shouldCallNothingMoreThoughItsStoreFailsWhenItCloses() {
    // Given one that waits, and another that the ledger answers for
    left(second, REQUEST);
    WaitingCalls waiting = begun();
    handed.add(new WaitingCalls.Handed(id(second), REQUEST));
    store.fails = true;
    // When
    assertThatThrownBy(waiting::close).isInstanceOf(IllegalStateException.class);
    // Then it calls nothing, and the next task hears of that
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(handed).hasSize(1);
  }

  @Test
  void shouldNotMakeWhatWasAskedForBeforeAMarkerOfItsOwn() {
    // Given a first attempt whose marker the ledger reads after it has asked
    WaitingCalls waiting = begun();
    LaneCall made = made(waiting);
    lane.marked(made, progress(11));
    // When
    waiting.later(lane, second.following(progress(10)), REQUEST, WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(store.get(id(second))).isNull();
    lane.unannounced(made);
  }

  @Test
  void shouldMakeWhatWasAskedForBehindItsMarker() {
    // Given a first attempt whose marker the ledger had read when it asked
    WaitingCalls waiting = begun();
    LaneCall made = made(waiting);
    lane.marked(made, progress(10));
    // When
    waiting.later(lane, second.following(progress(10)), REQUEST, WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
    assertThat(store.get(id(second))).isNotNull();
    lane.unannounced(made);
  }

  @Test
  void shouldMakeWhatNoMarkerStandsFor() {
    // Given a marker of another partition, and one for which it is not told from where it follows
    WaitingCalls waiting = begun();
    LaneCall made = made(waiting);
    lane.marked(made, new Evidence(Topics.PROGRESS, 1, 11));
    var third = new CancelRequest(cancel, RequestKind.CANCEL, 3, "a ticket", Instant.now());
    // When
    waiting.later(lane, second.following(progress(10)), REQUEST, WaitingCalls.Whose.OURS);
    waiting.later(
        lane,
        third.following(new Evidence(Topics.PROGRESS, 1, 10)),
        new Evidence(Topics.RETRIES, 0, 2),
        WaitingCalls.Whose.OURS);
    // Then the second for its place, the third since only it has what the venue wants to see
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(2);
    lane.unannounced(made);
  }

  @Test
  void shouldWaitUntilItIsKnownWhereAMarkerStands() {
    // Given a first attempt whose marker is on its way
    WaitingCalls waiting = begun();
    LaneCall made = made(waiting);
    waiting.later(lane, second.following(progress(10)), REQUEST, WaitingCalls.Whose.OURS);
    waiting.offerUnsure(start);
    boolean kept = store.get(id(second)) != null;
    int offered = lane.waiting(Lane.RETRY);
    // When
    lane.marked(made, progress(11));
    waiting.offerUnsure(start);
    // Then
    assertThat(kept).isTrue();
    assertThat(offered).isZero();
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(store.get(id(second))).isNull();
    lane.unannounced(made);
  }

  @Test
  void shouldNotCallBesideWhatWaitsForAMarker() {
    // Given a request that waits until it is known where the first attempt's marker stands
    WaitingCalls waiting = begun();
    LaneCall made = made(waiting);
    waiting.later(lane, second.following(progress(10)), REQUEST, WaitingCalls.Whose.OURS);
    lane.unannounced(made);
    clock.passes(Duration.ofMinutes(1));
    // When its intent is read again
    VenueLane.Offer offer = decided(waiting);
    int before = lane.inFlight();
    waiting.offerUnsure(start);
    // Then
    assertThat(offer).isEqualTo(VenueLane.Offer.QUEUED);
    assertThat(before).isZero();
    assertThat(lane.inFlight()).isEqualTo(1);
  }

  @Test
  void shouldMakeWhatWasAskedForWhereTheMarkerCouldNotBeWritten() {
    // Given
    WaitingCalls waiting = begun();
    LaneCall made = made(waiting);
    waiting.later(lane, second.following(progress(10)), REQUEST, WaitingCalls.Whose.OURS);
    // When
    lane.unmarked(made);
    waiting.offerUnsure(start);
    // Then
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
    lane.unannounced(made);
  }

  @Test
  void shouldMakeInTheLaneOfKillsWhatIsMadeInThePlaceOfWhatStoodForAKill() {
    // Given a request that waits for a marker, and stands for a kill's first attempt
    WaitingCalls waiting = begun();
    LaneCall made = made(waiting);
    waiting.later(lane, second.following(progress(10)), REQUEST, WaitingCalls.Whose.OURS);
    assertThat(waiting.first(lane, first(waiting, of("m", null, 1))))
        .isEqualTo(VenueLane.Offer.QUEUED);
    var third = new CancelRequest(cancel, RequestKind.CANCEL, 3, null, Instant.now());
    waiting.later(lane, third, new Evidence(Topics.RETRIES, 0, 2), WaitingCalls.Whose.OURS);
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
    // When it is dropped, since the third waits
    lane.unmarked(made);
    waiting.offerUnsure(start);
    // Then
    assertThat(lane.waiting(Lane.KILL)).isEqualTo(1);
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(store.get(id(second))).isNull();
    lane.unannounced(made);
  }

  @Test
  void shouldNotWaitForAMarkerForEver() {
    // Given
    WaitingCalls waiting = begun();
    LaneCall made = made(waiting);
    waiting.later(lane, second.following(progress(10)), REQUEST, WaitingCalls.Whose.OURS);
    // When
    waiting.offerUnsure(Instant.now().plusSeconds(10));
    // Then
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
    lane.unannounced(made);
  }

  @Test
  void shouldCallNothingWhereATaskFailsWhileItTakesOver() {
    // Given one that waits, and another that was marked while the partition had no task
    left(first, intent);
    left(second, REQUEST);
    handed.add(new WaitingCalls.Handed(id(second), REQUEST));
    store.fails = true;
    var waiting = new WaitingCalls(store, Map.of(Calls.VENUE, lane), _ -> false, handed);
    // When
    assertThatThrownBy(() -> waiting.restore(_ -> false)).isInstanceOf(IllegalStateException.class);
    // Then it calls nothing, though nobody closes it, and the next task hears of the other
    assertThat(lane.waiting(Lane.FRESH)).isZero();
    assertThat(handed).hasSize(1);
  }

  @Test
  void shouldCallNothingMoreWhereATaskFailsWhileItOffers() {
    // Given two of one cancel: the second leaves the store as the first waits
    left(first, intent);
    left(second, REQUEST);
    var waiting = new WaitingCalls(store, Map.of(Calls.VENUE, lane), _ -> false, handed);
    waiting.restore(_ -> false);
    store.fails = true;
    // When
    assertThatThrownBy(() -> waiting.begin(_ -> WaitingCalls.Whose.OURS))
        .isInstanceOf(IllegalStateException.class);
    // Then
    assertThat(lane.waiting(Lane.FRESH)).isZero();
  }

  private LaneCall first(WaitingCalls waiting, CancelRequest request) {
    return waiting.announced(request, intent, "a1");
  }

  private CancelRequest of(@Nullable String massId, @Nullable Integer priority, int attemptNo) {
    var urgent =
        new Cancel(
            cancel.cancelId(),
            cancel.order(),
            null,
            null,
            null,
            false,
            false,
            null,
            priority,
            cancel.createdAt(),
            cancel.deadline(),
            cancel.receivedAt(),
            intent,
            cancel.digest(),
            massId);
    return new CancelRequest(urgent, RequestKind.CANCEL, attemptNo, null, Instant.now());
  }

  /** The first attempt has begun; the rate lets nothing else go. */
  private LaneCall made(WaitingCalls waiting) {
    clock.passes(Duration.ofMinutes(1));
    LaneCall made = waiting.announced(first, intent, "a1");
    assertThat(waiting.first(lane, made)).isEqualTo(VenueLane.Offer.STARTED);
    return made;
  }

  private static Evidence progress(long offset) {
    return new Evidence(Topics.PROGRESS, 0, offset);
  }

  private CancelRequest asked(RequestKind kind, String continuation) {
    return new CancelRequest(cancel, kind, 2, continuation, Instant.now());
  }

  private VenueLane.Offer decided(WaitingCalls waiting) {
    return waiting.first(lane, waiting.announced(first, intent, "a1"));
  }

  private void left(CancelRequest request, Evidence at) {
    store.put(id(request), StateCodec.bytes(new WaitingCall(request, at)));
  }

  private WaitingCalls begun() {
    return begun(_ -> false);
  }

  private WaitingCalls begun(Predicate<Cancel> settled) {
    var waiting = new WaitingCalls(store, Map.of(Calls.VENUE, lane), _ -> false, handed);
    waiting.restore(settled);
    waiting.begin(_ -> WaitingCalls.Whose.OURS);
    return waiting;
  }

  private static String id(CancelRequest request) {
    return new LaneCall(request, REQUEST, null, id -> {}).id();
  }

  /** A store that tells what was put into it, and can fail. */
  private static final class Recorded
      extends WrappedStateStore<KeyValueStore<String, byte[]>, String, byte[]>
      implements KeyValueStore<String, byte[]> {

    final List<String> put = new ArrayList<>();
    boolean fails;

    Recorded(KeyValueStore<String, byte[]> store) {
      super(store);
    }

    @Override
    public void put(String key, byte[] value) {
      put.add(key);
      wrapped().put(key, value);
    }

    @Override
    public byte[] putIfAbsent(String key, byte[] value) {
      return wrapped().putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<String, byte[]>> entries) {
      wrapped().putAll(entries);
    }

    @Override
    public byte[] delete(String key) {
      if (fails) {
        throw new IllegalStateException("the store is closed");
      }
      return wrapped().delete(key);
    }

    @Override
    public byte[] get(String key) {
      return wrapped().get(key);
    }

    @Override
    public KeyValueIterator<String, byte[]> range(String from, String to) {
      return wrapped().range(from, to);
    }

    @Override
    public KeyValueIterator<String, byte[]> all() {
      return wrapped().all();
    }

    @Override
    public long approximateNumEntries() {
      return wrapped().approximateNumEntries();
    }
  }
}
