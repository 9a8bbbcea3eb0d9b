package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.decision.LaneQueue;
import io.countermand.domain.decision.MarkerPlaces;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.simulation.call.DeskCall;
import io.countermand.simulation.call.Permits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A desk's calls to the venue: by permits, the others wait. Belongs to the process. */
final class DeskLane {

  /** What became of a call that was offered. */
  enum Offer {
    STARTED,
    QUEUED,
    KNOWN,
    ANSWERED
  }

  private final SimulatedDesk desk;
  private final World world;
  private final Permits permits;
  private final SimulatedAttempts attempts;
  private final Set<String> inFlight = new HashSet<>();

  /** What was begun and has no answer, and when; the harness's. */
  private final Map<DeskCall, Long> making = new HashMap<>();

  /** Where the markers stand that this process has written. */
  private MarkerPlaces markers = new MarkerPlaces();

  /** The same; the harness's. */
  private final Map<DeskCall, Integer> marked = new HashMap<>();

  private LaneQueue<DeskCall> queue = new LaneQueue<>();

  /** What was put into the queue, and may be there still; the harness's. */
  private final Map<String, DeskCall> put = new HashMap<>();

  /** Nobody is called before. */
  private long standsUntil;

  private long nextToken;
  private boolean planned;

  DeskLane(SimulatedDesk desk, SimulatedAttempts attempts) {
    this.desk = desk;
    this.world = desk.world;
    this.permits = world.setting.permits();
    this.attempts = attempts;
    this.nextToken = permits.every(); // starts empty
  }

  /** It may call nobody for a while, as where its breaker is open. */
  void mayStand(int permille) {
    if (world.choices.chance(permille)) {
      long length = world.choices.between(1000, 4000);
      standsUntil = Math.max(standsUntil, world.time.now() + length);
      world.say(desk.name, "calls nobody for " + length + " ms");
      world.disturbed(length);
    }
  }

  /** Whether a call waits here that was not begun. */
  boolean waits(String id) {
    return queue.has(id);
  }

  /** Whether such a call was begun and has no answer yet. */
  boolean makes(DeskCall call) {
    return making.keySet().stream().anyMatch(other -> other.standsFor(call));
  }

  MarkerPlaces markers() {
    return markers;
  }

  /** The call's marker is durable. */
  void marked(DeskCall call, int offset) {
    markers.marked(call.request(), call.id(), new Evidence(world.progress.name, 0, offset));
    marked.put(call, offset);
  }

  /** Nobody knows whether its marker was written. */
  void unmarked(DeskCall call) {
    markers.over(call.request(), call.id());
  }

  QueueView view(Cancel cancel) {
    return queue.view(Lane.of(cancel), permits.mostWaiting());
  }

  Offer offer(DeskCall call) {
    if (world.book(call.request().cancel()).unsendable) {
      desk.later(
          0,
          () ->
              attempts.answer(
                  call, new Reply.Refused(Reason.INVALID_REQUEST, ReplyDetails.NOTHING)));
      return Offer.ANSWERED;
    }
    if (inFlight.contains(call.id())) {
      return Offer.KNOWN;
    }
    behind(call);
    mayStand(world.stops() / 30);
    if (queue.size() == 0 && free()) {
      begin(call);
      return Offer.STARTED;
    }
    boolean added =
        queue.offer(
            new LaneQueue.Waiting<>(
                call.id(),
                Lane.of(call.request()),
                call.request().cancel().order().account(),
                call.request().cancel().deadline(),
                call.request().attemptNo() > 1,
                call.unannounced()));
    if (added) {
      put.put(call.id(), call);
      once(call);
    }
    plan();
    return added ? Offer.QUEUED : Offer.KNOWN;
  }

  /** What was begun after this was asked for would have done. */
  private void begunBeside(DeskCall call) {
    making.forEach(
        (other, begun) -> {
          if (other.standsFor(call) && desk.knew(call.at(), begun)) {
            world.broke("9: " + call.id() + " is made beside " + other.id());
          }
        });
  }

  /** What the ledger reads after it has asked is what it then waits for. */
  private void behind(DeskCall call) {
    Evidence from = call.request().follows();
    marked.forEach(
        (other, offset) -> {
          if (from != null && other.standsFor(call) && offset > from.offset()) {
            world.broke("9: " + call.id() + " is made, and " + other.id() + " was marked since");
          }
        });
  }

  /** Of one cancel one call to cancel waits: whichever is made answers what the ledger asked. */
  private void once(DeskCall call) {
    put.keySet().removeIf(id -> !queue.has(id));
    for (DeskCall other : put.values()) {
      if (!other.id().equals(call.id()) && other.standsFor(call)) {
        world.broke("9: " + other.id() + " and " + call.id() + " wait in " + desk.name);
      }
    }
  }

  void withdraw(Predicate<String> ids) {
    queue.removeIf(ids);
  }

  private boolean free() {
    return world.time.now() >= standsUntil
        && inFlight.size() < permits.concurrency()
        && (permits.every() == 0 || world.time.now() >= nextToken);
  }

  private void begin(DeskCall call) {
    if (world.conduct.permitBeforeMark()) {
      take(call);
    }
    long begun = world.time.now();
    if (!call.announced()) { // else it leaves once its decision is durable
      desk.later(0, () -> attempts.run(call, begun, this));
    }
  }

  /** Takes the permits for a call. */
  void take(DeskCall call) {
    inFlight.add(call.id());
    markers.begun(call.request(), call.id());
    begunBeside(call);
    making.put(call, world.time.now());
    nextToken = world.time.now() + permits.every();
  }

  /** Its answer is written. */
  void ended(DeskCall call) {
    inFlight.remove(call.id());
    unmarked(call);
    making.keySet().removeIf(other -> other.id().equals(call.id()));
    if (queue.size() > 0) {
      plan();
    }
  }

  private void plan() {
    if (!planned) {
      planned = true;
      desk.later(world.choices.delay(0, 1, 50, 100), this::dispatch);
    }
  }

  private void dispatch() {
    planned = false;
    if (desk.hazard()) {
      return;
    }
    queue.expired(desk.clock()).forEach(waiting -> expire(waiting.what()));
    while (queue.size() > 0 && free()) {
      LaneQueue.Waiting<DeskCall> next = queue.next();
      if (next != null) {
        world.say(desk.name, "dispatches " + next.id());
        if (!desk.works(next.what().generation())) {
          world.broke("9: " + next.id() + " is called under no task");
        }
        if (desk.heard(next.what().request().cancel())) {
          world.broke("9: " + next.id() + " is called, and its cancel has its outcome");
        }
        begin(next.what());
      }
    }
    if (queue.size() > 0) { // else: who is offered, or ends, plans again
      long token = Math.max(1, Math.max(nextToken, standsUntil) - world.time.now());
      long deadline = desk.until(queue.firstDeadline());
      long wait = inFlight.size() < permits.concurrency() ? Math.min(token, deadline) : deadline;
      int count = ++dispatches;
      desk.later(
          Math.max(1, wait),
          () -> {
            if (count == dispatches) {
              dispatch();
            }
          });
    }
  }

  private int dispatches;

  private void expire(DeskCall call) {
    world.say(desk.name, "waited in vain: " + call.id());
    attempts.answer(
        call,
        new Reply.NotSent(
            Reason.RATE_LIMITED,
            ReplyDetails.of(null, "the venue's rate allowed no call in time")));
  }

  void lose() {
    inFlight.clear();
    put.clear();
    making.clear();
    marked.clear();
    markers = new MarkerPlaces();
    standsUntil = 0;
    queue = new LaneQueue<>();
    planned = false;
  }

  /** A new process: its bucket is empty. */
  void started() {
    nextToken = world.time.now() + permits.every();
  }
}
