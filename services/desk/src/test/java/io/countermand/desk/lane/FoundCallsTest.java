package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.StateCodec;
import io.countermand.codec.WaitingCall;
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
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A task that finds an earlier one's calls in its store, and reads again what asked for them. */
class FoundCallsTest {

  private static final KafkaConnection AWAY =
      new KafkaConnection("127.0.0.1:1", "http://127.0.0.1:1", "i", Map.of(), Map.of());

  private static final Evidence REQUEST = new Evidence(Topics.RETRIES, 0, 1);

  private final KeyValueStore<String, byte[]> store = VenueLaneTest.store();
  private final Queue<WaitingCalls.Handed> handed = new ConcurrentLinkedQueue<>();
  private final CancelRequest first =
      Calls.request(RequestKind.CANCEL, 1, Instant.now().plusSeconds(600));
  private final Evidence intent = first.cancel().intent();
  private final CancelRequest second =
      Calls.request(RequestKind.CANCEL, 2, Instant.now().plusSeconds(600));
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
  }

  @AfterEach
  void close() {
    lane.close();
    post.close();
    serdes.close();
  }

  @Test
  void shouldNotCallOnceMoreWhatItFoundAndHasMade() {
    // Given
    left(first, intent);
    WaitingCalls waiting = begun();
    made(waiting, first, intent);
    // When its intent is read again
    boolean found = waiting.found(first.cancel());
    VenueLane.Offer offer = waiting.first(lane, waiting.announced(first, intent, "a2"));
    // Then
    assertThat(found).isTrue();
    assertThat(offer).isEqualTo(VenueLane.Offer.QUEUED);
    assertThat(lane.inFlight()).isZero();
    assertThat(store.get(id(first))).isNull();
  }

  @Test
  void shouldNotCallOnceMoreALaterAttemptThatItFoundAndHasMade() {
    // Given
    left(second, REQUEST);
    WaitingCalls waiting = begun();
    made(waiting, second, REQUEST);
    // When its request is read again
    waiting.later(lane, second, REQUEST, WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.inFlight()).isZero();
    assertThat(lane.waiting(Lane.RETRY)).isZero();
    assertThat(store.get(id(second))).isNull();
  }

  @Test
  void shouldTakeAnotherRecordForWhatItIs() {
    // Given
    left(first, intent);
    left(second, REQUEST);
    WaitingCalls waiting = begun();
    made(waiting, first, intent);
    made(waiting, second, REQUEST);
    // When others with the same ids are read
    var another = new Evidence(Topics.INTENTS, 0, intent.offset() + 1);
    VenueLane.Offer offer = waiting.first(lane, waiting.announced(first, another, "a2"));
    waiting.later(lane, second, new Evidence(Topics.RETRIES, 0, 2), WaitingCalls.Whose.OURS);
    // Then
    assertThat(offer).isEqualTo(VenueLane.Offer.STARTED);
    assertThat(store.get(id(second))).isNotNull();
  }

  @Test
  void shouldRememberWhatItFoundUntilItIsTooLateForAnyCall() {
    // Given what was found and made
    left(first, intent);
    WaitingCalls waiting = begun();
    made(waiting, first, intent);
    Instant deadline = first.cancel().deadline();
    // When
    waiting.forgetLate(deadline.plusSeconds(1));
    boolean early = waiting.found(first.cancel());
    Instant again = waiting.forgetNext(deadline);
    waiting.forgetLate(deadline.plus(Duration.ofHours(1)));
    // Then
    assertThat(early).isTrue();
    assertThat(again).isAfter(deadline).isBefore(deadline.plus(Duration.ofHours(1)));
    assertThat(waiting.found(first.cancel())).isFalse();
    assertThat(waiting.forgetNext(deadline)).isEqualTo(Instant.MAX);
  }

  @Test
  void shouldForgetACallUnderWayThoughAnotherTaskOfTheProcessBeganIt() {
    // Given a call that is under way while its task begins anew
    left(first, intent);
    WaitingCalls earlier = begun();
    LaneCall call = earlier.announced(first, intent, "a1");
    earlier.close();
    WaitingCalls next = begun();
    // When its marker is durable
    call.handed().accept(call.id());
    next.forgetHanded();
    // Then
    assertThat(store.get(id(first))).isNull();
  }

  @Test
  void shouldNotCallWhatWasMarkedWhileThePartitionHadNoTask() {
    // Given
    left(first, intent);
    WaitingCalls earlier = begun();
    LaneCall one = earlier.announced(first, intent, "a1");
    earlier.close();
    left(second, REQUEST);
    one.handed().accept(one.id());
    // When
    WaitingCalls next = begun();
    // Then
    assertThat(store.get(id(first))).isNull();
    assertThat(next.first(lane, next.announced(first, intent, "a2")))
        .isEqualTo(VenueLane.Offer.QUEUED);
    assertThat(lane.waiting(Lane.FRESH)).isZero();
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1); // that one was not
  }

  @Test
  void shouldCallWhatAnotherRecordAsksForThoughOneOfItsIdWasMarked() {
    // Given a call that was marked here, and one of its id that another owner has kept since
    left(first, intent);
    WaitingCalls earlier = begun();
    LaneCall call = earlier.announced(first, intent, "a1");
    earlier.close();
    call.handed().accept(call.id());
    left(first, new Evidence(Topics.INTENTS, 0, intent.offset() + 1));
    // When
    WaitingCalls _ = begun();
    // Then
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(1);
    assertThat(store.get(id(first))).isNotNull();
  }

  /** An earlier owner has kept it. */
  private void left(CancelRequest request, Evidence at) {
    store.put(id(request), StateCodec.bytes(new WaitingCall(request, at)));
  }

  /** The rate lets nothing go at once. */
  private WaitingCalls begun() {
    lane.venue().budget().startEmpty();
    var waiting = new WaitingCalls(store, Map.of(Calls.VENUE, lane), _ -> false, handed);
    waiting.restore(_ -> false);
    waiting.begin(_ -> WaitingCalls.Whose.OURS);
    return waiting;
  }

  /** It has left the lane, and its marker is durable; the rate would let another one go. */
  private void made(WaitingCalls waiting, CancelRequest request, Evidence at) {
    lane.withdraw(id(request));
    LaneCall call = waiting.announced(request, at, "a1");
    call.handed().accept(call.id());
    waiting.forgetHanded();
    clock.passes(Duration.ofMinutes(1));
  }

  private static String id(CancelRequest request) {
    return new LaneCall(request, REQUEST, null, id -> {}).id();
  }
}
