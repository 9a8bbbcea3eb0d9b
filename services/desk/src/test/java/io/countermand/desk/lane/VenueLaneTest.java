package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.StateCodec;
import io.countermand.codec.WaitingCall;
import io.countermand.desk.bulk.CarriedAttempts;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.ClockSkew;
import io.countermand.platform.Topics;
import io.countermand.venues.CallResult;
import io.countermand.venues.Capabilities;
import io.countermand.venues.ForwardingAdapter;
import io.countermand.venues.OrderPage;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.limits.Rate;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A venue's lane, its dispatcher and breaker the real ones. */
public class VenueLaneTest {

  private static final KafkaConnection AWAY =
      new KafkaConnection("127.0.0.1:1", "http://127.0.0.1:1", "i", Map.of(), Map.of());

  private static final Instant NOW = Instant.now();
  private static final Evidence AT = new Evidence(Topics.RETRIES, 0, 1);

  private final Calls.Counting adapter = new Calls.Counting();
  private final Breaker breaker = new Breaker(Calls.VENUE, Duration.ofMillis(100));

  @Test
  void shouldCloseTheBreakerOfAnIdleVenueByProbes() throws InterruptedException {
    // Given
    adapter.serves = false;
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, new Rate(100, Duration.ofSeconds(1), 100))) {
      outage();
      lane.start();
      // When it is not back, and when it is
      Until.until(() -> adapter.probes.get() >= 1);
      boolean early = breaker.state() == CircuitBreaker.State.CLOSED;
      adapter.serves = true;
      Until.until(() -> breaker.state() == CircuitBreaker.State.CLOSED);
      // Then
      assertThat(early).isFalse();
      assertThat(adapter.called.getCount()).isEqualTo(1); // no cancel
    }
  }

  @Test
  void shouldDropWhatWaitsForACancelThatHasItsOutcome() {
    // Given a rate that allows nothing more
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, new Rate(1, Duration.ofHours(1), 1))) {
      KeyValueStore<String, byte[]> store = store();
      assertThat(lane.venue().budget().tryAcquire()).isTrue();
      var waiting =
          new WaitingCalls(
              store, Map.of(Calls.VENUE, lane), _ -> false, new ConcurrentLinkedQueue<>());
      Instant deadline = Instant.now().plusSeconds(600);
      var query = Calls.request(RequestKind.STATUS, 2, deadline);
      waiting.later(lane, query, AT, WaitingCalls.Whose.OURS);
      assertThat(store.get(id(query))).isNotNull();
      assertThat(lane.waiting(Lane.STATUS)).isEqualTo(1);
      // When
      waiting.settled(query.cancel());
      // Then
      assertThat(lane.waiting(Lane.STATUS)).isZero();
      assertThat(store.get(id(query))).isNull();
    }
  }

  @Test
  void shouldCallFirstWhatAMassCancelHasJoined() {
    // Given a rate that allows nothing more, and a first and a later call that wait
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, new Rate(1, Duration.ofHours(1), 1))) {
      assertThat(lane.venue().budget().tryAcquire()).isTrue();
      var waiting =
          new WaitingCalls(
              store(), Map.of(Calls.VENUE, lane), _ -> false, new ConcurrentLinkedQueue<>());
      var first = Calls.request(RequestKind.CANCEL, 1, Instant.now().plusSeconds(600));
      var later = // no other is as good as this one
          new CancelRequest(first.cancel(), RequestKind.CANCEL, 2, "again", Instant.now());
      String key = first.cancel().order().key();
      assertThat(waiting.first(lane, new LaneCall(first, AT, "a1", id -> {})))
          .isEqualTo(VenueLane.Offer.QUEUED);
      waiting.later(lane, later, AT, WaitingCalls.Whose.OURS);
      // When
      waiting.hurry(lane, key, "another's");
      // Then
      assertThat(lane.waiting(Lane.KILL)).isZero();
      // When
      waiting.hurry(lane, key, first.cancel().cancelId());
      // Then
      assertThat(lane.waiting(Lane.KILL)).isEqualTo(2);
      assertThat(lane.waiting(Lane.FRESH)).isZero();
      assertThat(lane.waiting(Lane.RETRY)).isZero();
    }
  }

  @Test
  void shouldHoldALaterCallUntilItIsKnownWhoseItIs() {
    // Given
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, new Rate(1, Duration.ofHours(1), 1))) {
      KeyValueStore<String, byte[]> store = store();
      assertThat(lane.venue().budget().tryAcquire()).isTrue();
      var waiting =
          new WaitingCalls(
              store, Map.of(Calls.VENUE, lane), _ -> false, new ConcurrentLinkedQueue<>());
      var query = Calls.request(RequestKind.STATUS, 2, Instant.now().plusSeconds(600));
      long intent = query.cancel().intent().offset();
      // When its intent was not read yet
      waiting.later(lane, query, AT, WaitingCalls.Whose.UNKNOWN);
      waiting.passed(intent, _ -> WaitingCalls.Whose.OURS);
      // Then
      assertThat(store.get(id(query))).isNotNull();
      assertThat(lane.waiting(Lane.STATUS)).isZero();
      // When it is this group's
      waiting.passed(intent + 1, _ -> WaitingCalls.Whose.OURS);
      // Then
      assertThat(lane.waiting(Lane.STATUS)).isEqualTo(1);
    }
  }

  @Test
  void shouldForgetALaterCallThatIsAnotherGroups() {
    // Given
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, new Rate(1, Duration.ofHours(1), 1))) {
      KeyValueStore<String, byte[]> store = store();
      assertThat(lane.venue().budget().tryAcquire()).isTrue();
      var waiting =
          new WaitingCalls(
              store, Map.of(Calls.VENUE, lane), _ -> false, new ConcurrentLinkedQueue<>());
      var query = Calls.request(RequestKind.STATUS, 2, Instant.now().plusSeconds(600));
      waiting.later(lane, query, AT, WaitingCalls.Whose.UNKNOWN);
      // When
      waiting.passed(query.cancel().intent().offset() + 1, _ -> WaitingCalls.Whose.OTHERS);
      // Then
      assertThat(store.get(id(query))).isNull();
      assertThat(lane.waiting(Lane.STATUS)).isZero();
    }
  }

  static Stream<Arguments> ratesOfTheVenues() {
    return Venues.providers().values().stream()
        .flatMap(
            venue ->
                Stream.of(RequestKind.values())
                    .map(kind -> Arguments.of(venue.adapter(), venue.defaults().rate(), kind)));
  }

  @ParameterizedTest
  @MethodSource("ratesOfTheVenues")
  void shouldSpendNoPermitOnWhatWaitedForACancelThatHasItsOutcome(
      String name, Rate rate, RequestKind kind) {
    // Given a venue whose permits are spent, and a later call that waits for the next
    var clock = new StandingClock();
    DeskSettings.Venue venue = Calls.venue(adapter, rate, clock);
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, venue)) {
      venue.budget().startEmpty();
      lane.start();
      var waiting =
          new WaitingCalls(
              store(), Map.of(Calls.VENUE, lane), _ -> false, new ConcurrentLinkedQueue<>());
      var later = Calls.request(kind, 2, Instant.now().plusSeconds(600));
      waiting.later(lane, later, AT, WaitingCalls.Whose.OURS);
      assertThat(lane.waiting(Lane.of(later))).isEqualTo(1);
      // When its cancel has its outcome, and then permits come
      waiting.settled(later.cancel());
      clock.passes(rate.period().multipliedBy(2).dividedBy(rate.permits()).plusNanos(1));
      long permits = venue.budget().available();
      // Then the next call leaves at once, with the first of them
      var first =
          new LaneCall(
              Calls.request(RequestKind.CANCEL, 1, Instant.now().plusSeconds(600)),
              new Evidence(Topics.INTENTS, 0, 8),
              "a1",
              id -> {});
      assertThat(lane.offer(first)).isEqualTo(VenueLane.Offer.STARTED);
      assertThat(permits).isEqualTo(2);
      assertThat(venue.budget().available()).isEqualTo(1);
      assertThat(lane.inFlight()).isEqualTo(1);
      lane.unannounced(first);
    }
  }

  @Test
  void shouldDropWhatAnEarlierOwnerLeftOfACancelThatHasItsOutcome() {
    // Given
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, new Rate(1, Duration.ofHours(1), 1))) {
      KeyValueStore<String, byte[]> store = store();
      assertThat(lane.venue().budget().tryAcquire()).isTrue();
      var query = Calls.request(RequestKind.STATUS, 2, Instant.now().plusSeconds(600));
      store.put(id(query), StateCodec.bytes(new WaitingCall(query, AT)));
      var waiting =
          new WaitingCalls(
              store, Map.of(Calls.VENUE, lane), _ -> false, new ConcurrentLinkedQueue<>());
      waiting.restore(_ -> false);
      waiting.begin(_ -> WaitingCalls.Whose.OURS);
      // When
      waiting.settled(query.cancel());
      // Then
      assertThat(lane.waiting(Lane.STATUS)).isZero();
      assertThat(store.get(id(query))).isNull();
    }
  }

  @Test
  void shouldNotCallWhereItsDecisionCouldNotBeWritten() {
    // Given
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, new Rate(100, Duration.ofSeconds(1), 100))) {
      var request = Calls.request(RequestKind.CANCEL, 1, Instant.now().plusSeconds(600));
      var call = new LaneCall(request, AT, "a1", id -> {});
      // When
      VenueLane.Offer offer = lane.offer(call);
      int taken = lane.inFlight();
      lane.unannounced(call);
      // Then
      assertThat(offer).isEqualTo(VenueLane.Offer.STARTED);
      assertThat(taken).isEqualTo(1);
      assertThat(lane.inFlight()).isZero();
      assertThat(adapter.called.getCount()).isEqualTo(1);
    }
  }

  @Test
  void shouldGiveTheRatesTokenBackOfACallForManyThatIsNotMade() throws InterruptedException {
    // Given a call of the account that does not end, eight that wait, and one token
    var clock = new StandingClock();
    VenueAdapter cancelsAll =
        new ForwardingAdapter(adapter) {
          @Override
          public Capabilities capabilities() {
            return new Capabilities(true, false, false, false, false, true, false, true, "taken");
          }
        };
    DeskSettings.Venue venue = patient(cancelsAll, clock, Duration.ofSeconds(10));
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, venue)) {
      var first = new LaneCall(killed(0), AT, "a1", id -> {});
      assertThat(lane.offer(first)).isEqualTo(VenueLane.Offer.STARTED);
      venue.budget().startEmpty();
      var second = new LaneCall(killed(1), AT, "a2", id -> {}); // goes while they come in
      assertThat(lane.offer(second)).isEqualTo(VenueLane.Offer.QUEUED);
      for (int i = 2; i <= 9; i++) {
        VenueLane.Offer _ = lane.offer(new LaneCall(killed(i), AT, null, id -> {}));
      }
      clock.passes(Duration.ofMillis(251));
      // When a call for many begins, and then nothing else may
      lane.start();
      Until.until(() -> lane.inFlight() == 2);
      clock.passes(Duration.ofMillis(250));
      Until.until(() -> lane.inFlight() == 3);
      assertThat(lane.waiting(Lane.KILL)).isEqualTo(8);
      venue
          .governor()
          .order(new Pause(Pause.UNTIL_RESUMED, Pause.Cause.OPERATOR, "nothing else in between"));
      Until.until(() -> lane.inFlight() == 2);
      // Then
      assertThat(venue.budget().available()).isEqualTo(1);
      lane.unannounced(first);
      lane.unannounced(second);
    }
  }

  /** As a call for all that is about to be made holds the last one that was ready. */
  @Test
  void shouldGiveBackWhatWasTakenForACallThatWaitsNoMore() throws InterruptedException {
    // Given one that waits for the rate's only token
    var clock = new HookedClock();
    DeskSettings.Venue venue = Calls.venue(adapter, new Rate(1, Duration.ofHours(1), 1), clock);
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, venue)) {
      venue.budget().startEmpty();
      var call = new LaneCall(cancel("a", 1, null), AT, "a1", id -> {});
      assertThat(lane.offer(call)).isEqualTo(VenueLane.Offer.QUEUED);
      clock.now = clock.now.plus(Duration.ofHours(1)).plusSeconds(1);
      // When it is taken out between the look at the queue and the token
      clock.hook.set(() -> lane.withdraw(call.id()));
      lane.start();
      Until.until(() -> lane.waiting(Lane.FRESH) == 0);
      // Then
      assertThat(clock.hook.get()).isNull();
      assertThat(lane.inFlight()).isZero();
      assertThat(venue.budget().available()).isEqualTo(1);
    }
  }

  @Test
  void shouldHoldTheMassCancelsCallsOfAnAccountThatIsLookedIntoAndNoOthers()
      throws InterruptedException {
    // Given a call of the account that does not end, eight that wait, and one token
    var clock = new StandingClock();
    var lists = new AtomicInteger();
    VenueAdapter cancelsAll =
        new ForwardingAdapter(adapter) {
          @Override
          public Capabilities capabilities() {
            return new Capabilities(true, false, false, false, false, true, false, true, "taken");
          }

          @Override
          public OrderPage openOrders(String account, @Nullable String cursor, Duration timeout) {
            lists.incrementAndGet();
            return OrderPage.failed(new Reply.Ambiguous(ReplyDetails.NOTHING));
          }
        };
    DeskSettings.Venue venue = patient(cancelsAll, clock, Duration.ofSeconds(60));
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, venue)) {
      var first = new LaneCall(killed(0), AT, "a1", id -> {});
      assertThat(lane.offer(first)).isEqualTo(VenueLane.Offer.STARTED);
      venue.budget().startEmpty();
      var second = new LaneCall(killed(1), AT, "a2", id -> {}); // goes while they come in
      assertThat(lane.offer(second)).isEqualTo(VenueLane.Offer.QUEUED);
      for (int i = 2; i <= 9; i++) {
        VenueLane.Offer _ = lane.offer(new LaneCall(killed(i), AT, null, id -> {}));
      }
      clock.passes(Duration.ofMillis(251));
      lane.start();
      Until.until(() -> lane.inFlight() == 2);
      clock.passes(Duration.ofMillis(250));
      Until.until(() -> lane.inFlight() == 3);
      // When there are tokens for three, and one of another account and a single cancel wait, too
      var other = new LaneCall(killed("other", 10), AT, "a9", id -> {});
      assertThat(lane.offer(other)).isEqualTo(VenueLane.Offer.QUEUED);
      var single = new LaneCall(cancel("acc", 11, null), AT, "a10", id -> {});
      assertThat(lane.offer(single)).isEqualTo(VenueLane.Offer.QUEUED);
      clock.passes(Duration.ofMillis(750));
      // Then only these begin, and the list waits for the calls that are under way
      Until.until(() -> lane.inFlight() == 5);
      assertThat(lane.waiting(Lane.FRESH)).isZero();
      assertThat(lane.waiting(Lane.KILL)).isEqualTo(8);
      assertThat(lists).hasValue(0);
      // When that ends
      venue
          .governor()
          .order(new Pause(Pause.UNTIL_RESUMED, Pause.Cause.OPERATOR, "nothing else in between"));
      lane.unannounced(first);
      lane.unannounced(second);
      lane.unannounced(single);
      // Then
      Until.until(() -> lists.get() == 1);
      lane.unannounced(other);
    }
  }

  @Test
  void shouldNotKeepASingleCancelBehindAMassCancelThatOnlyCallsAgain() throws InterruptedException {
    // Given three later attempts of a mass cancel, one single cancel, and tokens for three
    var clock = new StandingClock();
    DeskSettings.Venue venue = Calls.venue(adapter, Rate.perSecond(3, 3), clock);
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, venue)) {
      venue.budget().startEmpty();
      for (int i = 0; i < 3; i++) {
        var again =
            new CancelRequest(killed(i).cancel(), RequestKind.CANCEL, 2, null, Instant.now());
        assertThat(lane.offer(new LaneCall(again, AT, null, id -> {})))
            .isEqualTo(VenueLane.Offer.QUEUED);
      }
      var single = new LaneCall(cancel("acc", 9, null), AT, "a9", id -> {});
      assertThat(lane.offer(single)).isEqualTo(VenueLane.Offer.QUEUED);
      // When
      clock.passes(Duration.ofMillis(1_001));
      lane.start();
      // Then
      Until.until(() -> lane.inFlight() == 3);
      assertThat(lane.waiting(Lane.FRESH)).isZero();
      assertThat(lane.waiting(Lane.KILL)).isEqualTo(1);
    }
  }

  /** The venue saw none of these, and never said that it takes none. */
  @Test
  void shouldCountNoAttemptThatACallForManyWasToCarry() throws InterruptedException {
    // Given three calls of a mass cancel that one was to carry, twice, and that was not made
    var clock = new StandingClock();
    DeskSettings.Venue venue = Calls.venue(adapter, Rate.perSecond(3, 3), clock);
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, venue)) {
      venue.budget().startEmpty();
      for (int attemptNo = 1; attemptNo <= 2; attemptNo++) {
        List<LaneCall> calls = offered(lane, attemptNo);
        assertThat(
                lane.way().carry(calls.stream().map(LaneCall::id).toList(), CarriedAttempts::new))
            .hasSize(3);
        lane.way().unmade(calls);
      }
      List<LaneCall> _ = offered(lane, 3);
      var single = new LaneCall(cancel("acc", 9, null), AT, "a9", id -> {});
      assertThat(lane.offer(single)).isEqualTo(VenueLane.Offer.QUEUED);
      // When
      clock.passes(Duration.ofMillis(1_001));
      lane.start();
      // Then
      Until.until(() -> lane.inFlight() == 3);
      assertThat(lane.waiting(Lane.KILL)).isZero();
      assertThat(lane.waiting(Lane.FRESH)).isEqualTo(1);
      // When each had a call of its own
      List<LaneCall> _ = offered(lane, 4);
      clock.passes(Duration.ofMillis(1_001));
      // Then
      Until.until(() -> lane.inFlight() == 6);
      assertThat(lane.waiting(Lane.FRESH)).isZero();
      assertThat(lane.waiting(Lane.KILL)).isEqualTo(1);
    }
  }

  /** Of three orders of a mass cancel, which wait. */
  private static List<LaneCall> offered(VenueLane lane, int attemptNo) {
    List<LaneCall> calls =
        Stream.of(0, 1, 2)
            .map(
                i ->
                    new CancelRequest(killed(i).cancel(), RequestKind.CANCEL, attemptNo, null, NOW))
            .map(request -> new LaneCall(request, AT, null, _ -> {}))
            .toList();
    calls.forEach(call -> assertThat(lane.offer(call)).isEqualTo(VenueLane.Offer.QUEUED));
    return calls;
  }

  @Test
  void shouldLookIntoAnAccountThoughAnotherOnesMarkerCannotBeWritten() throws InterruptedException {
    // Given
    DeskSettings.Venue venue = Calls.venue(adapter, new Rate(1, Duration.ofHours(1), 1));
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, venue)) {
      venue.budget().startEmpty();
      var stuck = new LaneCall(killed("a", 1), AT, null, id -> {});
      assertThat(lane.offer(stuck)).isEqualTo(VenueLane.Offer.QUEUED);
      assertThat(lane.way().carry(List.of(stuck.id()), CarriedAttempts::new)).hasSize(1);
      // When, Then
      assertThat(lane.way().quiet("b", Duration.ofSeconds(60))).isTrue();
      assertThat(lane.way().quiet("a", Duration.ofMillis(50))).isFalse();
    }
  }

  /** Else the mass cancel's calls are held for as long as single cancels come, up to a time-out. */
  @Test
  void shouldNotWaitForSingleCancelsThatBeganSinceAnAccountIsLookedInto() throws Exception {
    // Given a single cancel that is under way
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var lane = lane(post, new Rate(100, Duration.ofSeconds(1), 100))) {
      var first = new LaneCall(cancel("a", 1, null), AT, "a1", id -> {});
      assertThat(lane.offer(first)).isEqualTo(VenueLane.Offer.STARTED);
      var quiet = new FutureTask<>(() -> lane.way().quiet("a", Duration.ofMinutes(10)));
      Thread waits = Thread.ofPlatform().daemon().start(quiet);
      Until.until(() -> waits.getState() == Thread.State.TIMED_WAITING);
      // When the next one begins before that ends
      var next = new LaneCall(cancel("a", 2, null), AT, "a2", id -> {});
      assertThat(lane.offer(next)).isEqualTo(VenueLane.Offer.STARTED);
      boolean early = quiet.isDone();
      lane.unannounced(first);
      // Then
      assertThat(quiet.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(early).isFalse();
      lane.unannounced(next);
    }
  }

  @Test
  void shouldMakeNoCallForManyOnceTasksAreGivenUpOrTheLaneIsClosed() {
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var kept = lane(post, new Rate(100, Duration.ofSeconds(1), 100));
        var closed = lane(post, new Rate(100, Duration.ofSeconds(1), 100))) {
      assertThat(kept.way().may()).isTrue();
      assertThat(closed.way().may()).isTrue();
      // When
      kept.withdraw(_ -> false);
      closed.close();
      // Then
      assertThat(kept.way().may()).isFalse();
      assertThat(closed.way().may()).isFalse();
    }
  }

  /**
   * Four calls a second.
   *
   * @param within for so long a call for many waits until the account is quiet
   */
  private static DeskSettings.Venue patient(VenueAdapter adapter, Clock clock, Duration within) {
    DeskSettings.Venue shorter = Calls.venue(adapter, Rate.perSecond(4, 4), clock);
    return new DeskSettings.Venue(
        shorter.name(),
        adapter,
        shorter.budget(),
        shorter.governor(),
        new CallRules(within, Duration.ofSeconds(1)),
        shorter.concurrency(),
        shorter.keepConnection());
  }

  private static CancelRequest killed(int order) {
    return killed("acc", order);
  }

  private static CancelRequest killed(String account, int order) {
    return cancel(account, order, "m");
  }

  private static CancelRequest cancel(String account, int order, @Nullable String massId) {
    Instant now = Instant.now();
    var cancel =
        new Cancel(
            "m~" + order,
            new OrderRef(Calls.VENUE, account, "o" + order),
            null,
            null,
            null,
            false,
            false,
            null,
            null,
            now,
            now.plusSeconds(300),
            now,
            new Evidence(Topics.INTENTS, 0, order),
            "d",
            massId);
    return new CancelRequest(cancel, RequestKind.CANCEL, 1, null, now);
  }

  private static String id(CancelRequest request) {
    return new LaneCall(request, AT, null, id -> {}).id();
  }

  private VenueLane lane(Post post, Rate rate) {
    return lane(post, Calls.venue(adapter, rate));
  }

  private VenueLane lane(Post post, DeskSettings.Venue venue) {
    var meters = new LaneMeters(new SimpleMeterRegistry(), Calls.VENUE);
    return new VenueLane(
        venue, new AttemptRun(venue, post, breaker, meters, "desk-i"), breaker, meters, 100);
  }

  private void outage() {
    Instant now = Instant.now();
    for (int i = 0; i < 10; i++) {
      assertThat(breaker.permits()).isTrue();
      breaker.answered(
          new CallResult(new Reply.Ambiguous(ReplyDetails.NOTHING), true, now, now, null, null),
          Duration.ZERO);
    }
    // Open, or half open where that took longer than it stays open.
    assertThat(breaker.state()).isNotEqualTo(CircuitBreaker.State.CLOSED);
  }

  public static KeyValueStore<String, byte[]> store() {
    KeyValueStore<String, byte[]> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore("waiting"), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
    return store;
  }

  /** Stands, and does something once when it is asked. */
  private static final class HookedClock extends Clock {

    private final AtomicReference<@Nullable Runnable> hook = new AtomicReference<>();
    private volatile Instant now = Instant.parse("2026-11-28T08:00:00Z");

    @Override
    public Instant instant() {
      Runnable once = hook.getAndSet(null);
      if (once != null) {
        once.run();
      }
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  /** Goes only when it is told to. */
  static final class StandingClock extends Clock {

    private volatile Instant now = Instant.parse("2026-11-28T08:00:00Z");

    void passes(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
