package io.countermand.desk.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.decision.LaneQueue;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.BulkAnswer;
import io.countermand.venues.CallResult;
import io.countermand.venues.Capabilities;
import io.countermand.venues.OrderPage;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One call for many, by a venue, a lane and a clock that do what the test says. */
@Timeout(120)
class BulkCallsTest {

  private static final int MANY = 12;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(30);
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final Duration LOOKS_AGAIN = Duration.ofMillis(51);

  private final AtomicLong nanos = new AtomicLong(); // goes only when a test lets it
  private final Book venue = new Book();
  private final Queue way = new Queue();
  private final BulkCalls<CancelRequest> bulk =
      new BulkCalls<>(
          "v",
          venue,
          new CallRules(TIMEOUT, Duration.ofSeconds(1)),
          Rate.perSecond(3, 3),
          way,
          nanos::get);

  @BeforeEach
  void orders() {
    for (int i = 0; i < MANY; i++) {
      way.offer(request("o" + i, RequestKind.CANCEL));
      venue.open.put("o" + i, OrdStatus.NEW);
    }
  }

  @Test
  void shouldCancelAllByOneCallBehindEveryMarker() throws Exception {
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(venue.calls).containsExactly("list", "told of", "list", "cancel all");
    assertThat(venue.markersAtCall).as("each durable before the call").isEqualTo(MANY);
    assertThat(way.kinds()).containsOnly(ReplyKind.ACCEPTED).hasSize(MANY);
    assertThat(way.permits).as("one permit for each call, all given back").isZero();
    assertThat(way.last().orders()).isEqualTo(MANY);
    assertThat(way.last().beyond()).isEmpty();
    assertThat(way.told).extracting(MassPart.Bulk::told).containsExactly(false, true);
    assertThat(way.told).extracting(MassPart.Bulk::callId).containsOnly(way.last().callId());
    assertThat(way.heldWhenTold).as("which may take half a minute").isFalse();
    assertThat(way.unmade).isEmpty();
  }

  @Test
  void shouldNotCallWhereAStrangerIsOpen() throws Exception {
    // Given
    venue.open.put("stranger", OrdStatus.PARTIALLY_FILLED);
    // When
    assertThat(begins()).isTrue();
    way.idle();
    // Then
    assertThat(venue.calls).containsExactly("list");
    assertThat(way.queue.size()).as("each waits for its own call").isEqualTo(MANY);
    assertThat(beginsSoon()).as("not at once again").isFalse();
  }

  @Test
  void shouldLetTenSingleCallsGoAfterAListThatLedToNothingWhateverOtherAccountsThereAre()
      throws Exception {
    // Given: two accounts, each with a stranger
    venue.open.put("stranger", OrdStatus.NEW);
    for (int i = 0; i < MANY; i++) {
      way.offer("b", request("b" + i, RequestKind.CANCEL));
    }
    assertThat(begins()).isTrue();
    way.idle();
    // When, Then
    for (int i = 0; i < BulkCalls.SINGLES; i++) {
      assertThat(beginsSoon()).as("after %d", i).isFalse();
      bulk.single();
    }
    assertThat(begins()).as("the other account").isTrue();
    way.idle();
    assertThat(venue.calls).containsExactly("list", "list");
  }

  @Test
  void shouldLookOnlyWhenNoCallOfTheAccountIsUnderWay() throws Exception {
    // Given: one was begun, and has no answer yet
    venue.open.put("under way", OrdStatus.NEW);
    way.quiet = () -> venue.open.put("under way", OrdStatus.CANCELED);
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then it is no stranger, and the account is held no more
    assertThat(venue.calls).containsExactly("list", "told of", "list", "cancel all");
    assertThat(beginsSoon()).isFalse();
    assertThat(way.holds("a")).isFalse();
  }

  @Test
  void shouldHoldUpNothingThatMustNotWait() throws Exception {
    // Given: the list takes its time
    var listed = new CountDownLatch(1);
    venue.listing = () -> awaited(listed);
    assertThat(begins()).isTrue();
    // When
    way.offer("a", single("fresh", LONG), Lane.FRESH);
    way.offer("a", single("late", TIMEOUT), Lane.RETRY);
    way.offer("a", single("again", LONG), Lane.RETRY);
    // Then
    synchronized (way) {
      assertThat(way.queue.holds("a")).isTrue();
      assertThat(way.next()).isEqualTo("c-fresh");
      assertThat(way.next()).isEqualTo("c-late");
      assertThat(way.next()).as("those of the mass cancel ride").isEmpty();
    }
    listed.countDown();
    way.idle();
  }

  @Test
  void shouldBeginNothingOfTheAccountBetweenTheLastListAndTheCall() throws Exception {
    // Given
    List<String> next = new CopyOnWriteArrayList<>();
    venue.beforeCall =
        () -> {
          way.offer("a", single("fresh", LONG), Lane.FRESH);
          next.add(way.next());
        };
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(next).containsExactly("");
    assertThat(way.last().beyond()).isEmpty();
    assertThat(way.next()).isEqualTo("c-fresh");
  }

  @Test
  void shouldAskForNoListForRetriesOfCancelsThatNoMassCancelWants() throws Exception {
    way.queue.removeIf(_ -> true);
    for (int i = 0; i < MANY; i++) {
      way.offer(single("again" + i));
    }

    assertThat(beginsSoon()).isFalse();
  }

  @Test
  void shouldNotCallWhereAStrangerOpensMeanwhile() throws Exception {
    // Given
    way.marked = () -> venue.open.put("stranger", OrdStatus.NEW);
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    way.idle();
    assertThat(venue.calls).containsExactly("list", "told of", "list");
    assertThat(way.kinds()).as("certainly not sent").containsOnly(ReplyKind.NOT_SENT).hasSize(MANY);
    assertThat(way.answers.values()).noneMatch(CallResult::sent);
    assertThat(way.unmade).hasSize(MANY);
    assertThat(way.permits).isZero();
  }

  @Test
  void shouldNotCallWhereAMarkerIsLacking() throws Exception {
    // Given
    way.unmarked.add("o3");
    // When
    assertThat(begins()).isTrue();
    way.done(MANY - 1);
    // Then
    assertThat(venue.calls).containsExactly("list");
    assertThat(way.kinds()).containsOnly(ReplyKind.NOT_SENT).hasSize(MANY - 1);
    assertThat(way.unmade).hasSize(MANY);
    assertThat(way.permits).isZero();
  }

  @Test
  void shouldNotCallWhatCouldNotBeToldBefore() throws Exception {
    // Given
    way.tells = false;
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(venue.calls).containsExactly("list", "told of");
    assertThat(way.kinds()).containsOnly(ReplyKind.NOT_SENT).hasSize(MANY);
    assertThat(way.permits).isZero();
  }

  @Test
  void shouldNotCallForMassCancelsThatOnlyJoinedOthersCancels() throws Exception {
    // Given
    way.queue.removeIf(_ -> true);
    for (int i = 0; i < MANY; i++) {
      way.offer(single("o" + i));
      way.queue.hurry("c-o" + i);
    }
    // When
    assertThat(begins()).isTrue();
    way.idle();
    // Then
    assertThat(venue.calls).containsExactly("list");
  }

  @Test
  void shouldNotLookWhileCallsOfTheMassCancelStillComeIn() throws Exception {
    // Given
    for (int i = 0; i < 4; i++) {
      way.offer(request("late" + i, RequestKind.CANCEL));
      venue.open.put("late" + i, OrdStatus.NEW);
      nanos.addAndGet(LOOKS_AGAIN.toNanos());
      assertThat(bulk.begins(way.queue)).isFalse();
    }
    // When no more come
    assertThat(begins()).isTrue();
    way.done(MANY + 4);
    // Then
    assertThat(venue.calls).containsExactly("list", "told of", "list", "cancel all");
  }

  @Test
  void shouldNotCallWhereTheListTookMostOfTheTime() throws Exception {
    // Given: the second list takes longer than it may
    way.marked =
        () ->
            venue.listing = () -> nanos.addAndGet(TIMEOUT.multipliedBy(7).dividedBy(10).toNanos());
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(venue.calls).containsExactly("list", "told of", "list");
    assertThat(way.kinds()).containsOnly(ReplyKind.NOT_SENT).hasSize(MANY);
    assertThat(way.permits).isZero();
  }

  @Test
  void shouldSayOfACallThatIsNotMadeAfterAllThatItCarriedNothing() throws Exception {
    // Given
    way.marked = () -> venue.open.put("stranger", OrdStatus.NEW);
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(way.last().orders()).isZero();
    assertThat(way.told.getFirst().orders()).isEqualTo(MANY);
    assertThat(way.heldWhenTold).as("which may take half a minute").isFalse();
  }

  @Test
  void shouldCarryNoMoreThanCouldBeMarkedInTime() throws Exception {
    // Given: of a thousand and one, one has no marker
    List<CancelRequest> all = new ArrayList<>();
    for (int i = MANY; i < 1_001; i++) {
      all.add(request("o" + i, RequestKind.CANCEL));
      way.offer(all.getLast());
      venue.open.put("o" + i, OrdStatus.NEW);
    }
    way.unmarked.add("o3");
    assertThat(begins()).isTrue();
    way.done(1_000);
    // When they come back, each with one now
    way.unmarked.clear();
    for (int i = 0; i < MANY; i++) {
      way.offer(request("o" + i, RequestKind.CANCEL));
    }
    all.forEach(way::offer);
    for (int i = 0; i < BulkCalls.SINGLES; i++) {
      bulk.single();
    }
    assertThat(begins()).isTrue();
    way.idle();
    // Then
    assertThat(venue.calls).containsExactly("list", "list");
  }

  @Test
  void shouldRememberHowManyMarkersAreTooMany() {
    assertThat(BulkCalls.mostAfter(5_000)).isEqualTo(4_999);
    assertThat(BulkCalls.mostAfter(12)).as("Kafka was slow for once").isEqualTo(1_000);
  }

  @Test
  void shouldSayWhatWasHitBeyond() throws Exception {
    // Given: one opens between the last list and the call
    venue.beforeCall = () -> venue.open.put("stranger", OrdStatus.NEW);
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(way.last().beyond()).containsExactly("v/a/stranger");
  }

  @Test
  void shouldKnowNothingOfAnyWhereTheAnswerIsLost() throws Exception {
    // Given
    venue.lost = true;
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(way.kinds()).containsOnly(ReplyKind.AMBIGUOUS).hasSize(MANY);
    assertThat(way.answers.values()).allMatch(CallResult::sent);
    assertThat(way.told)
        .as("what it hit is not known")
        .extracting(MassPart.Bulk::told)
        .containsExactly(false);
    // When they come back
    for (int i = 0; i < MANY; i++) {
      way.offer(request("o" + i, RequestKind.CANCEL));
    }
    // Then each has its own call
    assertThat(beginsSoon()).isFalse();
  }

  @Test
  void shouldNotCallForADeskThatGivesItsOrdersUp() throws Exception {
    // Given
    way.marked = () -> way.may = false;
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(venue.calls).containsExactly("list", "told of");
    assertThat(way.kinds()).containsOnly(ReplyKind.NOT_SENT).hasSize(MANY);
  }

  @Test
  void shouldGiveEachPermitBackWhateverFailsBeforeTheCall() throws Exception {
    // Given
    way.marked = () -> way.fails = true;
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(way.permits).isZero();
    assertThat(venue.calls).doesNotContain("cancel all");
    assertThat(way.kinds()).containsOnly(ReplyKind.NOT_SENT).hasSize(MANY);
  }

  @Test
  void shouldNotCallUnsentWhatFailsBehindTheCall() throws Exception {
    // Given
    way.called =
        () -> {
          throw new IllegalStateException("of a test");
        };
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(venue.calls).contains("cancel all");
    assertThat(way.kinds()).containsOnly(ReplyKind.AMBIGUOUS).hasSize(MANY);
  }

  @Test
  void shouldSayOfAnOrderThatTheVenueDoesNotNameOnlyThatItIsUnclear() throws Exception {
    // Given: it fills on the way
    venue.beforeCall = () -> venue.open.put("o5", OrdStatus.FILLED);
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(ReplyKind.of(way.answers.get("o5").reply())).isEqualTo(ReplyKind.AMBIGUOUS);
    assertThat(way.kinds()).hasSize(MANY).filteredOn(ReplyKind.ACCEPTED::equals).hasSize(MANY - 1);
  }

  @Test
  void shouldHitOnceMoreWhatTheVenueTook() throws Exception {
    // Given
    venue.open.put("before", OrdStatus.PENDING_CANCEL);
    way.taken.add("v/a/before", NOON);
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(venue.calls).contains("cancel all");
    assertThat(way.last().beyond()).isEmpty();
  }

  @Test
  void shouldTakeForAStrangerWhatIsOpenLongAfterTheVenueTookACancel() throws Exception {
    // Given
    venue.open.put("again", OrdStatus.NEW);
    way.taken.add("v/a/again", NOON.minusSeconds(20));
    // When
    assertThat(begins()).isTrue();
    way.idle();
    // Then
    assertThat(venue.calls).containsExactly("list");
  }

  @Test
  void shouldSayWhatWasHitAlsoWhereTheVenueTookACancelOfItBefore() throws Exception {
    // Given
    venue.open.put("before", OrdStatus.NEW);
    way.taken.add("v/a/before", NOON);
    // When
    assertThat(begins()).isTrue();
    way.done(MANY);
    // Then
    assertThat(way.last().beyond()).containsExactly("v/a/before");
  }

  @Test
  void shouldNotCarryWhatNoMassCancelAskedFor() throws Exception {
    // Given: a later attempt of a single cancel waits, too
    way.offer(single("alone"));
    venue.open.put("alone", OrdStatus.NEW);
    // When
    assertThat(begins()).isTrue();
    way.idle();
    // Then
    assertThat(venue.calls).as("it is a stranger to the mass cancel").containsExactly("list");
  }

  @Test
  void shouldNotCarryWhatTheVenueWantsToSeeSomethingAgainIn() throws Exception {
    // Given
    CancelRequest asked = request("o0", RequestKind.CANCEL);
    way.queue.remove("c-o0");
    way.offer(new CancelRequest(asked.cancel(), RequestKind.CANCEL, 2, "a ticket", Instant.now()));
    // When
    assertThat(begins()).isTrue();
    way.idle();
    // Then its order is a stranger, until it has its own call
    assertThat(venue.calls).containsExactly("list");
    assertThat(way.queue.size()).isEqualTo(MANY);
  }

  @Test
  void shouldNotCallByAListThatIsNotWhole() throws Exception {
    // Given
    venue.whole = false;
    // When
    assertThat(begins()).isTrue();
    way.idle();
    // Then
    assertThat(venue.calls).containsExactly("list");
    assertThat(way.queue.size()).isEqualTo(MANY);
  }

  @Test
  void shouldAskForManyByOneList() throws Exception {
    // Given
    way.queue.removeIf(_ -> true);
    venue.open.clear();
    for (int i = 0; i < MANY; i++) {
      way.offer(request("q" + i, RequestKind.STATUS));
      venue.open.put("q" + i, i == 0 ? OrdStatus.FILLED : OrdStatus.CANCELED);
    }
    way.offer(request("unlisted", RequestKind.STATUS));
    // When
    assertThat(begins()).isTrue();
    way.done(MANY + 1);
    // Then
    assertThat(venue.calls).containsExactly("list");
    assertThat(way.answers.get("q0").reply().told().ordStatus()).isEqualTo(OrdStatus.FILLED);
    assertThat(way.answers.get("q1").reply().told().ordStatus()).isEqualTo(OrdStatus.CANCELED);
    assertThat(ReplyKind.of(way.answers.get("unlisted").reply())).isEqualTo(ReplyKind.AMBIGUOUS);
    assertThat(way.permits).isZero();
  }

  @Test
  void shouldAskForEachByItselfWhereTheListFails() throws Exception {
    // Given
    way.queue.removeIf(_ -> true);
    venue.told = false;
    List<CancelRequest> asked = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      asked.add(request("q" + i, RequestKind.STATUS));
      way.offer(asked.getLast());
    }
    assertThat(begins()).isTrue();
    way.done(MANY);
    assertThat(way.listed).as("what the breaker hears").containsExactly("503");
    // When the ledger asks for them again, and more than ten other calls have been made
    asked.forEach(way::offer);
    for (int i = 0; i < BulkCalls.SINGLES; i++) {
      bulk.single();
    }
    // Then
    assertThat(beginsSoon()).isFalse();
    assertThat(venue.calls).containsExactly("list");
  }

  /** However long the call before needs to end; the test's own time-out ends a wait in vain. */
  private boolean begins() throws InterruptedException {
    boolean begun = false;
    while (!begun) {
      begun = beginsSoon();
    }
    return true;
  }

  /** Within a second, by the test's clock, in which it looks again and again. */
  private boolean beginsSoon() throws InterruptedException {
    for (int look = 0; look < 20; look++) {
      synchronized (way) {
        nanos.addAndGet(LOOKS_AGAIN.toNanos());
        way.permits++;
        if (bulk.begins(way.queue)) {
          return true;
        }
        way.permits--;
        way.wait(5); // lets what has just ended say so
      }
    }
    return false;
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static CancelRequest request(String id, RequestKind kind) {
    return request(id, kind, "m");
  }

  private static CancelRequest single(String id) {
    return request(id, RequestKind.CANCEL, null);
  }

  private static CancelRequest single(String id, Duration within) {
    return request(id, RequestKind.CANCEL, null, within);
  }

  private static CancelRequest request(String id, RequestKind kind, @Nullable String massId) {
    return request(id, kind, massId, LONG);
  }

  private static CancelRequest request(
      String id, RequestKind kind, @Nullable String massId, Duration within) {
    Instant now = Instant.now();
    var cancel =
        new Cancel(
            "c-" + id,
            new OrderRef("v", "a", id),
            null,
            null,
            null,
            false,
            false,
            null,
            null,
            now,
            now.plus(within),
            now,
            new Evidence("cancel-intents", 0, 1),
            "d",
            massId);
    return new CancelRequest(cancel, kind, massId == null ? 2 : 1, null, now);
  }

  /** A lane: its attempts write their markers at once. */
  private final class Queue implements BulkLane<CancelRequest> {

    final LaneQueue<CancelRequest> queue = new LaneQueue<>();
    final Map<String, CallResult> answers = new ConcurrentHashMap<>();
    final Set<String> unmarked = new HashSet<>();
    final List<String> unmade = new CopyOnWriteArrayList<>();
    final TakenOrders taken = new TakenOrders();
    final List<MassPart.Bulk> told = new CopyOnWriteArrayList<>();
    final List<String> listed = new CopyOnWriteArrayList<>();
    boolean tells = true;
    volatile boolean heldWhenTold = true;
    boolean may = true;
    volatile boolean fails;
    Runnable marked = () -> {};
    Runnable quiet = () -> {};
    Runnable called = () -> {};
    int markers;
    volatile int permits;

    void offer(CancelRequest request) {
      offer("a", request);
    }

    void offer(String account, CancelRequest request) {
      offer(account, request, Lane.of(request));
    }

    /** Id of the next one; empty: none. */
    synchronized String next() {
      var next = queue.next();
      return next == null ? "" : next.id();
    }

    synchronized void offer(String account, CancelRequest request, Lane lane) {
      queue.offer(
          new LaneQueue.Waiting<>(
              request.cancel().cancelId(), lane, account, request.cancel().deadline(), request));
    }

    /** Told when each has its answer. */
    MassPart.Bulk last() {
      while (told.isEmpty() || !told.getLast().told()) {
        Thread.onSpinWait();
      }
      return told.getLast();
    }

    List<ReplyKind> kinds() {
      return answers.values().stream().map(one -> ReplyKind.of(one.reply())).toList();
    }

    /** The test's own time-out ends a wait in vain. */
    synchronized void done(int attempts) throws InterruptedException {
      while (answers.size() < attempts) {
        wait(20);
      }
      idle();
    }

    /** Each permit is given back, and no account is held. */
    synchronized void idle() throws InterruptedException {
      while (permits > 0 || queue.holds("a") || queue.holds("b")) {
        wait(20);
      }
    }

    @Override
    public CancelRequest request(CancelRequest call) {
      return call;
    }

    @Override
    public synchronized List<LaneQueue.Waiting<CancelRequest>> waiting(Lane lane, String account) {
      return queue.waiting(lane, account);
    }

    @Override
    public synchronized List<CancelRequest> carry(
        List<String> ids, Function<Integer, CarriedAttempts> gathering) {
      List<CancelRequest> calls = new ArrayList<>();
      for (String id : ids) {
        var one = queue.take(id);
        if (one != null) {
          calls.add(one.what());
        }
      }
      CarriedAttempts together = gathering.apply(calls.size());
      for (CancelRequest call : calls) {
        Thread.ofVirtual().start(() -> attempt(call, together));
      }
      return calls;
    }

    @Override
    public void unmade(List<CancelRequest> calls) {
      assertThat(answers).as("the next attempt may be asked for soon after").isEmpty();
      calls.forEach(call -> unmade.add(call.cancel().order().orderId()));
    }

    private void attempt(CancelRequest call, CarriedAttempts together) {
      String id = call.cancel().order().orderId();
      if (unmarked.contains(id)) {
        together.leaves();
        return;
      }
      synchronized (this) {
        markers++;
        marked.run();
      }
      try {
        answers.put(id, together.marked(call.cancel().order()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public synchronized boolean may() {
      return may;
    }

    @Override
    public synchronized boolean quiet(String account, Duration within) {
      assertThat(queue.holds(account)).as("none of the account begins").isTrue();
      quiet.run();
      return true;
    }

    private synchronized boolean holds(String account) {
      return queue.holds(account);
    }

    @Override
    public synchronized void release() {
      queue.hold(null);
    }

    @Override
    public synchronized boolean permit(Duration within) {
      permits++;
      return true;
    }

    @Override
    public synchronized void listed(Reply reply, Duration took) {
      permits--;
      listed.add(String.valueOf(reply.told().code()));
    }

    @Override
    public synchronized void called(CallResult answer, Duration took) {
      permits--;
      called.run();
    }

    @Override
    public synchronized void notMade() {
      permits--;
    }

    @Override
    public Set<String> taken() {
      if (fails) {
        throw new IllegalStateException("of a test");
      }
      return taken.keys(NOON);
    }

    @Override
    public boolean tell(String massId, MassPart.Bulk part, Duration within) {
      if (!part.told()) {
        venue.calls.add("told of");
      } else {
        heldWhenTold = holds("a");
      }
      told.add(part);
      return tells;
    }
  }

  /** A venue whose list and call do what they say. */
  private final class Book implements VenueAdapter {

    final Map<String, OrdStatus> open = new ConcurrentHashMap<>();
    final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    Runnable beforeCall = () -> {};
    boolean lost;
    boolean whole = true;
    boolean told = true;
    volatile Runnable listing = () -> {};
    int markersAtCall;

    @Override
    public Capabilities capabilities() {
      return new Capabilities(true, false, false, false, false, true, false, true, "taken");
    }

    @Override
    public OrderPage openOrders(String account, String cursor, Duration timeout) {
      calls.add("list");
      listing.run();
      if (!told) {
        return OrderPage.failed(new Reply.Ambiguous(ReplyDetails.of("503", null)));
      }
      List<OrderEvent> orders = new ArrayList<>();
      new HashMap<>(open)
          .forEach(
              (id, status) ->
                  orders.add(
                      new OrderEvent(
                          new OrderRef("v", account, id),
                          null,
                          status,
                          null,
                          null,
                          null,
                          null,
                          null,
                          null,
                          null,
                          false,
                          "feed:v",
                          null,
                          Instant.now())));
      return new OrderPage(new Reply.Accepted(ReplyDetails.of("200", null)), orders, null, whole);
    }

    @Override
    public BulkAnswer cancelAll(String account, Duration timeout) {
      calls.add("cancel all");
      markersAtCall = way.markers;
      beforeCall.run();
      Instant now = Instant.now();
      List<String> hit = new ArrayList<>();
      open.forEach(
          (id, status) -> {
            if (!status.terminal() && status != OrdStatus.PENDING_CANCEL) {
              hit.add(id);
            }
          });
      Reply reply =
          lost
              ? new Reply.Ambiguous(ReplyDetails.NOTHING)
              : new Reply.Accepted(ReplyDetails.of("200", null));
      return new BulkAnswer(
          new CallResult(reply, true, now, now, "POST", lost ? null : "HTTP 200: {}"),
          lost ? Set.of() : Set.copyOf(hit));
    }

    @Override
    public Optional<Reply.Refused> check(CancelRequest request) {
      return Optional.empty();
    }

    @Override
    public CallResult cancel(CancelRequest request, Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CallResult status(CancelRequest request, Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Probe probe(Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
