// Over 300 lines: queue, rate, breaker and calls in flight of one venue are behind one lock.
package io.countermand.desk.lane;

import io.countermand.desk.bulk.BulkCalls;
import io.countermand.desk.bulk.BulkLane;
import io.countermand.desk.bulk.CarriedAttempts;
import io.countermand.desk.lease.TaskLease;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.decision.LaneQueue;
import io.countermand.domain.decision.MarkerPlaces;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CallResult;
import io.countermand.venues.limits.Pause;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One venue's way out of this process: its permits, its queue, its calls. What can be called at
 * once is; the rest waits, by lane, until the venue's pause, breaker, concurrency and rate let it.
 * Permit and token are taken before a marker is written, never after. Independent of every other
 * venue. Thread-safe; {@link #offer} never waits for the venue.
 *
 * <pre>
 * offer ──> all free, nobody waits ──> lease, or its decision durable ──> call (virtual thread)
 *   └─────> queue ──> dispatcher: pause, breaker, permit, token, marker ──┘
 *               ├───> deadline passes ──> replied(NotSent)
 *               └───> its cancel has its outcome ──> nothing
 * </pre>
 */
public final class VenueLane implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(VenueLane.class);

  /** In the place of a call's id; no call has it. */
  private static final String PROBE = "probe";

  /** What became of a call that was offered. */
  public enum Offer {
    /** It is being made; if its decision announces it, its permits are taken, and no more. */
    STARTED,
    /** It waits. */
    QUEUED,
    /** It was offered before, and waits or is being made. */
    KNOWN,
    /** No call is made: the adapter's own check refuses it, and that is its answer. */
    ANSWERED
  }

  /** A venue that nobody calls is asked so often whether it is back. */
  private static final Duration PROBE_EVERY = Duration.ofSeconds(1);

  /** The last call for many has ended, and its answers are written within that or much later. */
  private static final Duration ANSWERS = Duration.ofSeconds(1);

  /** A pause may be lifted, a breaker may close: looked at again after this. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final DeskSettings.Venue venue;
  private final AttemptRun attempts;
  private final Breaker breaker;
  private final LaneMeters meters;
  private final int mostWaiting;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final LaneQueue<LaneCall> queue = new LaneQueue<>();
  private final Map<String, String> inFlight = new HashMap<>(); // accounts, by the call's id

  /**
   * Calls of single orders that one call carries, and their accounts; their permits are that one's.
   */
  private final Map<String, String> carried = new HashMap<>();

  private final FirstAttempts firsts = new FirstAttempts();

  private final Condition granted = lock.newCondition(); // or a call has ended
  private final BulkLane<LaneCall> way = new BulkWay();
  private final BulkCalls<LaneCall> bulk;
  private int bulkWants; // permits that calls for many wait for
  private int bulkGrants; // permits that they may take
  private int bulkCalls; // permits that they have
  private final Thread dispatcher;
  private boolean closed;
  private boolean givenUp; // calls, since the last call for many began
  private volatile long lastUsed = System.nanoTime();

  public VenueLane(
      DeskSettings.Venue venue,
      AttemptRun attempts,
      Breaker breaker,
      LaneMeters meters,
      int mostWaiting) {
    this.venue = venue;
    this.attempts = attempts;
    this.breaker = breaker;
    this.meters = meters;
    this.mostWaiting = mostWaiting;
    this.bulk =
        new BulkCalls<>(venue.name(), venue.adapter(), venue.rules(), venue.budget().rate(), way);
    this.dispatcher = Thread.ofVirtual().name("lane-" + venue.name()).unstarted(this::dispatch);
  }

  public void start() {
    dispatcher.start();
  }

  DeskSettings.Venue venue() {
    return venue;
  }

  /** What the lane does for calls that carry many. */
  BulkLane<LaneCall> way() {
    return way;
  }

  /** What the decision about a cancel sees of the queue. */
  public QueueView view(Cancel cancel) {
    lock.lock();
    try {
      return queue.view(Lane.of(cancel), mostWaiting);
    } finally {
      lock.unlock();
    }
  }

  public int waiting(Lane lane) {
    lock.lock();
    try {
      return queue.size(lane);
    } finally {
      lock.unlock();
    }
  }

  int inFlight() {
    lock.lock();
    try {
      return inFlight.size() + bulkCalls;
    } finally {
      lock.unlock();
    }
  }

  /** How long no call has ended here. */
  Duration idle() {
    return Duration.ofNanos(System.nanoTime() - lastUsed);
  }

  /**
   * Takes what a probe needs, if no cancel can miss it: nobody waits or is on the way, and another
   * call's permit and token are left. Then {@link #spared} follows.
   *
   * @return why there is none to spare; null: they are taken
   */
  @Nullable String unspared() {
    lock.lock();
    try {
      if (closed || venue.governor().paused().isPresent()) {
        return "paused";
      }
      if (queue.size() > 0 || !inFlight.isEmpty() || bulkCalls > 0) {
        return "calls are under way";
      }
      if (breaker.state() != CircuitBreaker.State.CLOSED) {
        return "does not answer; its circuit breaker is open";
      }
      if (venue.concurrency() < 2
          || venue.budget().available() < 2
          || !venue.budget().tryAcquire()) {
        return "its rate has no call to spare yet";
      }
      inFlight.put(PROBE, "");
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** The probe has ended. */
  void spared() {
    lastUsed = System.nanoTime();
    lock.lock();
    try {
      inFlight.remove(PROBE);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the call now if nothing stands in its way and nobody waits before it, or later. */
  Offer offer(LaneCall call) {
    Optional<Reply.Refused> refused = venue.adapter().check(call.request());
    if (refused.isPresent()) { // costs the venue nothing, so it needs no permit
      Thread.ofVirtual().name("refusal").start(() -> attempts.answer(call, refused.get()));
      return Offer.ANSWERED;
    }
    lock.lock();
    try {
      if (inFlight.containsKey(call.id()) || carried.containsKey(call.id())) {
        return Offer.KNOWN;
      }
      Cancel cancel = call.request().cancel();
      var waiting =
          new LaneQueue.Waiting<>(
              call.id(),
              Lane.of(call.request()),
              cancel.order().account(),
              cancel.deadline(),
              firsts.again(call),
              call.unannounced());
      boolean next = queue.size() == 0 && bulkWants == 0 && !queue.holds(waiting);
      if (!closed && next && hindrance() == null) {
        begin(call);
        return Offer.STARTED;
      }
      boolean added = queue.offer(waiting);
      changed.signal();
      return added ? Offer.QUEUED : Offer.KNOWN;
    } finally {
      lock.unlock();
    }
  }

  /** A mass cancel wants what these calls do: those that wait go on in its lane. */
  void hurry(Set<String> ids) {
    lock.lock();
    try {
      ids.forEach(queue::hurry);
    } finally {
      lock.unlock();
    }
  }

  /** One that would wait in that lane wants what this call does: if that waits, it waits there. */
  void hurry(String id, Lane to) {
    lock.lock();
    try {
      queue.hurry(id, to);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a call waits here that was not begun: its marker is still to be written. */
  boolean waits(String id) {
    lock.lock();
    try {
      return queue.has(id);
    } finally {
      lock.unlock();
    }
  }

  /** Takes one call out of the queue, if it waits there. */
  public void withdraw(String id) {
    lock.lock();
    try {
      queue.remove(id);
    } finally {
      lock.unlock();
    }
  }

  /** Takes calls out of the queue that somebody else is to make. Calls under way go on. */
  public void withdraw(Predicate<String> ids) {
    lock.lock();
    try {
      queue.removeIf(ids);
      givenUp = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void dispatch() {
    lock.lock();
    try {
      while (!closed) {
        queue.expired(Instant.now()).forEach(this::expire);
        boolean idle = queue.size() == 0 && bulkWants == 0;
        if (idle && breaker.state() == CircuitBreaker.State.CLOSED) {
          changed.await();
          continue;
        }
        if (idle) {
          probeIfHalfOpen();
          boolean _ = changed.await(PROBE_EVERY.toNanos(), TimeUnit.NANOSECONDS);
          continue;
        }
        if (bulkWants == 0 && !queue.ready()) { // all wait for a call for many
          boolean _ = changed.await(LOOK_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
          continue;
        }
        Duration hindered = hindrance();
        if (hindered == null) {
          go();
        } else {
          Duration left = Duration.between(Instant.now(), queue.firstDeadline());
          Duration wait = left.compareTo(hindered) < 0 ? left : hindered;
          boolean _ = changed.await(Math.max(100_000, wait.toNanos()), TimeUnit.NANOSECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Permit and token of one call are taken. */
  private void go() {
    if (bulkWants > 0) {
      bulkWants--;
      bulkGrants++;
      bulkCalls++;
      granted.signalAll();
    } else if (venue.concurrency() > 2 && bulk.begins(queue)) { // it holds two permits at a time
      bulkCalls++;
      givenUp = false;
    } else {
      LaneQueue.Waiting<LaneCall> next = queue.next();
      if (next == null) { // held, or taken out, since it was seen that one is ready
        breaker.notMade();
        venue.budget().giveBack();
      } else {
        begin(next.what());
      }
    }
  }

  /** Nobody waits, and no call closes the breaker: a probe does. */
  private void probeIfHalfOpen() {
    if (breaker.halfOpen() && inFlight.isEmpty() && hindrance() == null) {
      inFlight.put(PROBE, "");
      Thread.ofVirtual().name("probe-" + venue.name()).start(this::probe);
    }
  }

  /** The cheapest call of the venue that touches no order. */
  private void probe() {
    long start = System.nanoTime();
    boolean serves = false;
    try {
      serves = venue.adapter().probe(venue.rules().callTimeout()).serves();
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("venue", venue.name())
          .addKeyValue("error", e.getClass().getName())
          .log("adapter threw, which it must not; taken for no answer");
    } finally {
      breaker.probed(serves, Duration.ofNanos(System.nanoTime() - start));
      meters.probed(serves);
      lock.lock();
      try {
        inFlight.remove(PROBE); // no signal: the next one is due in its time
        if (queue.size() > 0 || closed) {
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Takes breaker's permit and the rate's token for one call; null: both are taken.
   *
   * @return else when to look again
   */
  private @Nullable Duration hindrance() {
    if (venue.governor().paused().isPresent()
        || inFlight.size() + bulkCalls >= venue.concurrency()) {
      return LOOK_AGAIN;
    }
    if (!breaker.permits()) {
      return LOOK_AGAIN;
    }
    if (!venue.budget().tryAcquire()) {
      breaker.notMade();
      return venue.budget().nextPermitIn();
    }
    return null;
  }

  private void begin(LaneCall call) {
    inFlight.put(call.id(), call.request().cancel().order().account());
    firsts.begun(call);
    bulk.single();
    markers().begun(call.request(), call.id());
    if (call.announced() == null) {
      start(call, () -> attempts.run(call));
    }
  }

  /** The decision that announces a call is durable, and stands there. Any thread. */
  public void marked(LaneCall call, Evidence at) {
    markers().marked(call.request(), call.id(), at);
  }

  /** The decision that announces a call may not be durable: it counts as no marker. Any thread. */
  public void unmarked(LaneCall call) {
    markers().over(call.request(), call.id());
  }

  /** Where the markers of this venue's calls stand. */
  MarkerPlaces markers() {
    return attempts.markers();
  }

  /** The decision that announces a call is durable: it leaves. Any thread. */
  public void announced(LaneCall call, String attemptId, Instant appended) {
    start(call, () -> attempts.announced(call, attemptId, appended));
  }

  /** The decision that announces a call is on its way, and a lease lets it leave. Any thread. */
  public void leased(
      LaneCall call, String attemptId, TaskLease.Leave leave, Future<@Nullable Instant> marked) {
    start(call, () -> attempts.leased(call, attemptId, leave, marked));
  }

  /** The decision that was to announce a call could not be written: it is not made. Any thread. */
  public void unannounced(LaneCall call) {
    breaker.notMade();
    ended(call);
  }

  private void start(LaneCall call, Runnable attempt) {
    Thread.ofVirtual()
        .name("call-" + venue.name())
        .start(
            () -> {
              try {
                attempt.run();
              } finally {
                ended(call);
              }
            });
  }

  private void ended(LaneCall call) {
    unmarked(call);
    lastUsed = System.nanoTime();
    lock.lock();
    try {
      inFlight.remove(call.id());
      changed.signalAll();
      granted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** It waited until its deadline: what for, is its answer. */
  private void expire(LaneQueue.Waiting<LaneCall> waiting) {
    String rate =
        queue.holds(waiting)
            ? "a call for all of the account was under way until the deadline"
            : "the venue's rate allowed no call before the deadline";
    Optional<Pause> pause = venue.governor().paused();
    Reply.NotSent late =
        pause.isPresent()
            ? new Reply.NotSent(
                reason(pause.get().cause()),
                ReplyDetails.of(pause.get().cause().name(), pause.get().text()))
            : breaker.open()
                ? new Reply.NotSent(
                    Reason.VENUE_UNAVAILABLE,
                    ReplyDetails.of(null, "the venue did not answer; the circuit breaker is open"))
                : new Reply.NotSent(Reason.RATE_LIMITED, ReplyDetails.of(null, rate));
    meters.expired();
    Thread.ofVirtual().name("expired").start(() -> attempts.expired(waiting.what(), late));
  }

  private static Reason reason(Pause.Cause cause) {
    return switch (cause) {
      case UNAUTHORIZED -> Reason.UNAUTHORIZED;
      case RATE_LIMITED, LOCKED_OUT -> Reason.RATE_LIMITED;
      case OPERATOR -> Reason.VENUE_UNAVAILABLE;
    };
  }

  /** Whether a circuit breaker keeps calls back now. */
  Breaker breaker() {
    return breaker;
  }

  /** Begins nothing more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      granted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether all calls have ended in time. */
  public boolean drained(long endNanos) throws InterruptedException {
    lock.lock();
    try {
      while (!inFlight.isEmpty() || !carried.isEmpty() || bulkCalls > 0) {
        long left = endNanos - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        long _ = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** What the lane does for calls that carry many. */
  private final class BulkWay implements BulkLane<LaneCall> {

    @Override
    public CancelRequest request(LaneCall call) {
      return call.request();
    }

    @Override
    public List<LaneQueue.Waiting<LaneCall>> waiting(Lane lane, String account) {
      lock.lock();
      try {
        return queue.waiting(lane, account);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public List<LaneCall> carry(List<String> ids, Function<Integer, CarriedAttempts> gathering) {
      List<LaneCall> calls = new ArrayList<>();
      List<LaneQueue.Waiting<LaneCall>> taken = new ArrayList<>();
      lock.lock();
      try {
        for (String id : closed ? List.<String>of() : ids) {
          LaneQueue.Waiting<LaneCall> one = queue.take(id);
          if (one != null) {
            carried.put(id, one.account());
            markers().begun(one.what().request(), one.id());
            taken.add(one);
            calls.add(one.what());
          }
        }
        firsts.carried(taken);
      } finally {
        lock.unlock();
      }
      CarriedAttempts together = gathering.apply(calls.size());
      for (LaneCall call : calls) {
        Thread.ofVirtual()
            .name("carried-" + venue.name())
            .start(
                () -> {
                  try {
                    attempts.carried(call, together);
                  } finally {
                    arrived(call);
                  }
                });
      }
      return calls;
    }

    @Override
    public void unmade(List<LaneCall> calls) {
      lock.lock();
      try {
        firsts.unmade(calls, Instant.now());
      } finally {
        lock.unlock();
      }
    }

    private void arrived(LaneCall call) {
      unmarked(call);
      lastUsed = System.nanoTime();
      lock.lock();
      try {
        carried.remove(call.id());
        changed.signalAll();
        granted.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean may() {
      lock.lock();
      try {
        return !closed && !givenUp;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean quiet(String account, Duration within) throws InterruptedException {
      long start = System.nanoTime();
      lock.lock();
      try {
        Set<String> before = new HashSet<>(inFlight.keySet());
        before.removeIf(id -> !account.equals(inFlight.get(id)));
        while (true) {
          before.retainAll(inFlight.keySet());
          boolean calls = !before.isEmpty();
          if (!calls && !carried.containsValue(account)) {
            return true;
          }
          long most = calls || within.compareTo(ANSWERS) < 0 ? within.toNanos() : ANSWERS.toNanos();
          long left = most - (System.nanoTime() - start);
          if (left <= 0 || closed) {
            return false;
          }
          long _ = granted.awaitNanos(left);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void release() {
      lock.lock();
      try {
        queue.hold(null);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean permit(Duration within) throws InterruptedException {
      long left = within.toNanos();
      lock.lock();
      try {
        bulkWants++;
        changed.signalAll();
        while (bulkGrants == 0) {
          if (left <= 0 || closed) {
            bulkWants--;
            return false;
          }
          left = granted.awaitNanos(left);
        }
        bulkGrants--;
        return true;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void listed(Reply reply, Duration took) {
      breaker.answered(reply, took);
      given();
    }

    @Override
    public void called(CallResult answer, Duration took) {
      breaker.answered(answer, took);
      given();
    }

    @Override
    public void notMade() {
      breaker.notMade();
      venue.budget().giveBack();
      given();
    }

    private void given() {
      lastUsed = System.nanoTime();
      lock.lock();
      try {
        bulkCalls--;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Set<String> taken() {
      return attempts.taken().keys(Instant.now());
    }

    @Override
    public boolean tell(String massId, MassPart.Bulk part, Duration within)
        throws InterruptedException {
      return attempts.tell(massId, part, within);
    }
  }
}
