package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.Lane;
import io.countermand.domain.LaneQueue;
import io.countermand.domain.QueueView;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.Told;
import java.util.HashSet;
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

  private final Desk desk;
  private final World world;
  private final Permits permits;
  private final Attempts attempts;
  private final Set<String> inFlight = new HashSet<>();
  private LaneQueue<DeskCall> queue = new LaneQueue<>();
  private long nextToken;
  private boolean planned;

  DeskLane(Desk desk, Attempts attempts) {
    this.desk = desk;
    this.world = desk.world;
    this.permits = world.setting.permits();
    this.attempts = attempts;
    this.nextToken = permits.every(); // starts empty
  }

  QueueView view(Cancel cancel) {
    return queue.view(Lane.of(cancel), permits.mostWaiting());
  }

  Offer offer(DeskCall call) {
    if (world.book(call.request().cancel()).unsendable) {
      desk.later(
          0, () -> attempts.answer(call, new Reply.Refused(Reason.INVALID_REQUEST, Told.NOTHING)));
      return Offer.ANSWERED;
    }
    if (inFlight.contains(call.id())) {
      return Offer.KNOWN;
    }
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
                call.unannounced()));
    plan();
    return added ? Offer.QUEUED : Offer.KNOWN;
  }

  void withdraw(Predicate<String> ids) {
    queue.removeIf(ids);
  }

  private boolean free() {
    return inFlight.size() < permits.concurrency()
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
    nextToken = world.time.now() + permits.every();
  }

  /** Its answer is written. */
  void ended(DeskCall call) {
    inFlight.remove(call.id());
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
        begin(next.what());
      }
    }
    if (queue.size() > 0) { // else: who is offered, or ends, plans again
      long token = Math.max(1, nextToken - world.time.now());
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
            Reason.RATE_LIMITED, Told.of(null, "the venue's rate allowed no call in time")));
  }

  void lose() {
    inFlight.clear();
    queue = new LaneQueue<>();
    planned = false;
  }

  /** A new process: its bucket is empty. */
  void started() {
    nextToken = world.time.now() + permits.every();
  }
}
