// Over 300 lines: the whole desk as the simulation plays it; its parts share what a kill takes.
package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.HandOver;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.decision.Tenure;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lease.LeaseHold;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulation.call.DeskCall;
import io.countermand.simulation.engine.Cursor;
import io.countermand.simulation.engine.Log;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A desk: Kafka Streams, at-least-once, that decides and calls. Of two desks one owns the
 * partition; one that was expelled while it was paused goes on until it hears of it.
 */
final class SimulatedDesk extends SimulatedProcess {

  private final Ownership ownership;
  private final DeskLane lane;
  private final SimulatedAttempts attempts;
  private final Cursor<Intent> intents;
  private final Cursor<OrderEvent> events;
  private final Cursor<Outcome> outcomes;
  private final Cursor<CancelRequest> retries;
  private final SimulatedOutbox<World.Change> changelog;
  private final SimulatedOutbox<World.Kept> waitings;
  private final SimulatedOutbox<World.Progress> progress;
  private final SimulatedOutbox<World.Dead> dead;
  private final Map<OrderRef, DeskOrder> table = new HashMap<>();

  /** Offset of the first event that ended an order for good, as the harness itself sees it. */
  private final Map<OrderRef, Integer> ended = new HashMap<>();

  /** Of the ownership that it believes to have; 0: none. */
  private int generation;

  /** What was appended later cannot have been fetched before an expulsion. */
  private long pausedAt;

  /** Which intents its group decides. */
  private Tenure tenure = Tenure.ALWAYS;

  private LeaseHold lease = newLease();

  /** When its group last took what it committed, ns; 0: never. */
  private long proved;

  private WaitingStore waiting;

  /** Calls that the ledger answers for since no task was there to hear it; the process's memory. */
  private final Map<String, Evidence> handed = new HashMap<>();

  /** What its disk has of the waiting calls, ahead of their changelog; null: no more than that. */
  private @Nullable Map<String, DeskCall> disk;

  /** Of which ownership that is. */
  private int diskOf;

  /** When this process read what the ledger asks for, and when it found that in the store. */
  private final Map<Evidence, Long> asked = new HashMap<>();

  private final Map<Evidence, Long> foundAt = new HashMap<>();

  /** Cancels of which a call was answered as not sent. */
  private final Set<String> unsent = new HashSet<>();

  private boolean polling;
  private boolean committing;

  SimulatedDesk(World world, String name, Ownership ownership, SimulatedVenue venue) {
    super(world, name, world.deskLag);
    this.ownership = ownership;
    this.attempts = new SimulatedAttempts(this, venue);
    this.lane = new DeskLane(this, attempts);
    boolean committedOnly = !world.faults.readsUncommitted();
    intents = new Cursor<>(world.intents, committedOnly);
    events = new Cursor<>(world.events, committedOnly);
    outcomes = new Cursor<>(world.outcomes, committedOnly);
    retries = new Cursor<>(world.retries, true);
    int late = world.faults.staleChangelog() ? world.faults.lateSend() : 0;
    changelog = SimulatedOutbox.cached(this, ownership.changelog, late);
    waitings = new SimulatedOutbox<>(this, ownership.waiting, late);
    progress = new SimulatedOutbox<>(this, world.progress);
    progress.expiring(this::lostRecord);
    dead = new SimulatedOutbox<>(this, world.dead);
    waiting = new WaitingStore(this, lane, waitings, 0);
    world.intents.onChange(this::nudge);
    world.events.onChange(this::nudge);
    world.outcomes.onChange(this::nudge);
    world.retries.onChange(this::nudge);
  }

  /** Whether it has read the intent that stands there. */
  boolean passed(long intent) {
    return intent < intents.next;
  }

  /** Whether a later call for an intent is its group's, as far as it has read. */
  boolean has(long intent) {
    return tenure.has(intent);
  }

  /** The changelog of its group's waiting calls. */
  Log<World.Kept> waitingLog() {
    return ownership.waiting;
  }

  /** The ledger answers for a call that was begun under this ownership, or an earlier one. */
  void handed(String id, Evidence at) {
    if (generation > 0) {
      waiting.handed(id);
    } else {
      handed.put(id, at);
    }
  }

  /** Whether it heard so while it had no ownership. */
  boolean wasHanded(String id, Evidence at) {
    return at.equals(handed.remove(id));
  }

  /** This process found in the store what the ledger asks for. */
  void restored(Evidence request) {
    foundAt.put(request, world.time.now());
  }

  /** Whether a call was begun since this process knows of what the ledger asks for. */
  boolean knew(Evidence request, long begun) {
    Long read = asked.get(request);
    return read != null ? begun > read : begun >= foundAt.getOrDefault(request, Long.MAX_VALUE);
  }

  /** What became of a call. */
  void answers(CancelRequest request, Reply reply) {
    if (reply instanceof Reply.NotSent) {
      unsent.add(request.cancel().cancelId());
    }
  }

  /** Whether it knows of the cancel's outcome. */
  boolean heard(Cancel cancel) {
    return table.getOrDefault(cancel.order(), DeskOrder.NONE).settled(cancel);
  }

  /** A call is about to start. */
  void calls(CancelRequest request) {
    Cancel cancel = request.cancel();
    if (!world.group(cancel.intent().offset()).equals(ownership.group)) {
      world.broke("10: " + cancel.cancelId() + " is called by the group that does not have it");
    }
  }

  /** Whether the group gave it the partition, and no other. */
  boolean owns() {
    return ownership.owns(this);
  }

  /** Whether it believes to own the partition, by that generation. */
  boolean works(int by) {
    return generation > 0 && generation == by;
  }

  private void nudge() {
    if (up() && generation > 0 && !polling) {
      polling = true;
      int mine = generation;
      later(
          world.choices.delay(0, 4, 700, world.slow()),
          () -> {
            if (works(mine)) {
              poll();
            }
          });
    }
  }

  private void poll() {
    polling = false;
    if (hazard()) {
      return;
    }
    boolean read =
        switch (world.choices.pick(4)) {
          case 0 -> readIntent() || readEvent() || readOutcome() || readRetry();
          case 1 -> readEvent() || readOutcome() || readRetry() || readIntent();
          case 2 -> readOutcome() || readRetry() || readIntent() || readEvent();
          default -> readRetry() || readIntent() || readEvent() || readOutcome();
        };
    if (read) {
      commitSoon();
      nudge();
    }
  }

  private boolean readIntent() {
    if (!fetched(intents)) {
      return false;
    }
    takeIntent();
    waiting.passed();
    return true;
  }

  private LeaseHold newLease() {
    return new LeaseHold(
        HistorySettings.LEASES, () -> Set.of(HistorySettings.VENUE), () -> ++world.leases);
  }

  private long nanos() {
    return world.time.now() * 1_000_000 + 1;
  }

  /** Writes a lease's record if one is due. */
  private void leaseDue() {
    write(lease.due(world.conduct.proved(proved, nanos()), nanos(), clock()));
  }

  private void write(LeaseHold.@Nullable Claim claim) {
    if (claim == null) {
      return;
    }
    LeaseHold its = lease;
    if (world.telling()) {
      Lease is = claim.lease();
      world.say(
          name,
          "lease "
              + is.id()
              + (is.ended()
                  ? " ended, read to " + is.readTo()
                  : " of " + is.fromOffset() + " to " + is.toOffset()));
    }
    if (world.conduct.leaseBeforeAcknowledged()) {
      its.acknowledged(claim, world.appended(world.time.now()), nanos());
    }
    progress.send(
        new World.Leased(world.conduct.written(claim.lease())),
        new SimulatedOutbox.Then() {
          @Override
          public void durable(int offset) {
            Instant appended = world.appended(world.time.now());
            later(0, () -> its.acknowledged(claim, appended, nanos()));
          }

          @Override
          public void failed() {}
        });
  }

  private void takeIntent() {
    int offset = intents.next;
    takeIntent(offset);
    lease.hasRead(offset);
    int mine = generation;
    later(
        HistorySettings.LEASES.length().toMillis() + 1,
        () -> {
          if (works(mine)) {
            leaseDue();
          }
        });
  }

  private void takeIntent(int offset) {
    Log.Entry<Intent> entry = intents.take();
    Evidence at = new Evidence(world.intents.name, 0, offset);
    ownership.read(offset + 1);
    HandOver handOver = world.handOvers.get(offset);
    if (handOver != null) {
      tenure = world.conduct.after(tenure, handOver, offset, ownership.group);
    }
    boolean ours = tenure.has(offset);
    if (ours) {
      lease.reads(offset, nanos());
      leaseDue();
    } else {
      write(lease.end(nanos(), clock())); // what comes is another group's
    }
    switch (world.setting.check().check(entry.value(), at, world.appended(entry.at()))) {
      case IntentCheck.Unanswerable _ -> {
        world.say(name, "intent@" + offset + " unanswerable -> dead letters");
        if (ours && world.conduct.keepsDeadLetters()) {
          dead.send(new World.Dead(world.intents.name, offset), null);
        }
      }
      case IntentCheck.Malformed malformed -> {
        if (ours) {
          decided(
              malformed.cancel(),
              new DeskDecision.Refuse(Reason.MALFORMED, malformed.text(), null));
        }
      }
      case IntentCheck.WellFormed good -> {
        if (ours) {
          decide(good.cancel());
        } else {
          readAlong(good.cancel());
        }
      }
    }
  }

  /** The other group decides it; this one's table takes it for decided. */
  private void readAlong(Cancel cancel) {
    DeskOrder known = table.getOrDefault(cancel.order(), DeskOrder.NONE);
    applied(
        cancel,
        world.conduct.decide(world.setting.desk(), known, cancel, clock(), QueueView.EMPTY));
  }

  private void decide(Cancel cancel) {
    DeskOrder known = table.getOrDefault(cancel.order(), DeskOrder.NONE);
    Instant now = clock();
    var request = new CancelRequest(cancel, RequestKind.CANCEL, 1, null, now);
    var call = new DeskCall(request, cancel.intent(), generation);
    boolean found = waiting.found(call);
    DeskDecision decision =
        found
            ? world.conduct.decideFound(world.setting.desk(), known, cancel, now)
            : world.conduct.decide(world.setting.desk(), known, cancel, now, lane.view(cancel));
    if (found && lane.waits(call.id()) && decision instanceof DeskDecision.Join join) {
      world.broke("9: " + cancel.cancelId() + " joins " + join.leader() + ", and its call waits");
    }
    if (decision instanceof DeskDecision.Route && !cancel.override() && shownEnded(cancel)) {
      world.broke("3: routed " + cancel.cancelId() + " though its order had been seen to end");
    }
    if (decision instanceof DeskDecision.Route route) {
      DeskLane.Offer offer = waiting.first(call);
      decision =
          new DeskDecision.Route(route.order(), offer == DeskLane.Offer.QUEUED, route.seen());
      if (offer == DeskLane.Offer.STARTED) {
        announced(call, decision);
        return;
      }
    }
    said(cancel, decision);
    if (found) {
      DeskOrder next = world.conduct.applyFound(world.setting.desk(), known, cancel, decision, now);
      changed(cancel.order(), known, next);
    } else {
      applied(cancel, decision);
    }
  }

  /** The decision is the marker of a call that leaves once it is durable. */
  private void announced(DeskCall call, DeskDecision decision) {
    Cancel cancel = call.request().cancel();
    String attempt = world.conduct.attemptId(call.request(), ++world.attempts);
    long begun = world.time.now();
    world.say(
        name,
        "intent@" + cancel.intent().offset() + " " + cancel.cancelId() + " -> Route " + attempt);
    boolean waits = world.conduct.markerBeforeCall();
    LeaseHold.Ticket ticket = lease.ticket(cancel.intent().offset(), nanos(), clock());
    var leaves = new Leaves(call, attempt, begun);
    Lease.Place numbered = lease.numbered(cancel.intent().offset());
    Lease.Place place =
        numbered == null
            ? Lease.Place.unleased(cancel.intent().offset(), attempt)
            : numbered.marking(attempt);
    progress.send(
        new World.Announced(cancel, decision, attempt, place, clock()),
        new SimulatedOutbox.Then() {
          @Override
          public void durable(int offset) {
            long appended = world.time.now();
            later(0, () -> lane.marked(call, offset));
            if (waits) {
              later(0, () -> leaves.marked(appended));
            }
          }

          @Override
          public void failed() {
            lane.unmarked(call);
            if (waits) {
              leaves.failed();
            }
          }
        });
    applied(cancel, decision);
    if (!waits) {
      attempts.marked(call, attempt, begun, begun, lane);
    } else if (ticket != null) {
      later(world.choices.delay(0, 1, 10, world.slow()), () -> leaves.leased(ticket));
    }
  }

  /** A call that leaves once: under a lease, or when its decision is durable. */
  private final class Leaves {
    private final DeskCall call;
    private final String attempt;
    private final long begun;
    private final LeaseHold its = lease;
    private boolean gone;

    /** Whether its decision is durable, or never will be. */
    private boolean known;

    private Runnable after = () -> {};

    Leaves(DeskCall call, String attempt, long begun) {
      this.call = call;
      this.attempt = attempt;
      this.begun = begun;
    }

    /** The answer is written behind the decision. */
    private void behind(Runnable answer) {
      if (known) {
        answer.run();
      } else {
        after = answer;
      }
    }

    private void known() {
      known = true;
      after.run();
    }

    void marked(long appended) {
      known();
      if (!gone) {
        gone = true;
        attempts.marked(call, attempt, appended, begun, lane);
      }
    }

    void failed() {
      known();
      if (!gone) {
        gone = true;
        lane.ended(call); // it gives its permits back, and is not made
      }
    }

    void leased(LeaseHold.Ticket ticket) {
      if (gone || hazard() || paused()) {
        return; // then its decision must be durable
      }
      if (its.isOver() || !world.conduct.valid(ticket, nanos(), clock())) {
        return;
      }
      gone = true;
      attempts.leased(call, attempt, begun, lane, () -> ticket.atLeast(nanos()), this::behind);
    }
  }

  private void decided(Cancel cancel, DeskDecision decision) {
    said(cancel, decision);
    applied(cancel, decision);
  }

  private void applied(Cancel cancel, DeskDecision decision) {
    DeskOrder known = table.getOrDefault(cancel.order(), DeskOrder.NONE);
    DeskOrder next = world.conduct.apply(world.setting.desk(), known, cancel, decision);
    changed(cancel.order(), known, next);
  }

  private void changed(OrderRef order, DeskOrder known, DeskOrder next) {
    if (!next.equals(known)) {
      put(order, next);
    }
  }

  private boolean shownEnded(Cancel cancel) {
    Integer offset = ended.get(cancel.order());
    return offset != null && events.next > offset;
  }

  private void said(Cancel cancel, DeskDecision decision) {
    if (world.telling()) {
      world.say(
          name,
          "intent@" + cancel.intent().offset() + " " + cancel.cancelId() + " -> " + tell(decision));
    }
    Instant now = clock();
    Lease.Place place = lease.numbered(cancel.intent().offset());
    progress.send(new World.Decision(cancel, decision, place, now), null);
  }

  private static String tell(DeskDecision decision) {
    return switch (decision) {
      case DeskDecision.Route route -> route.queued() ? "Route queued" : "Route";
      case DeskDecision.Refuse refuse -> "Refuse " + refuse.reason();
      case DeskDecision.Join join -> "Join " + join.leader();
      case DeskDecision.Repeat _ -> "Repeat";
    };
  }

  private boolean readEvent() {
    if (!fetched(events)) {
      return false;
    }
    int offset = events.next;
    OrderEvent event = events.take().value();
    if (event.ordStatus().terminal()) {
      ended.merge(event.order(), offset, Math::min);
    }
    DeskOrder known = table.getOrDefault(event.order(), DeskOrder.NONE);
    Evidence at = new Evidence(world.events.name, 0, offset);
    put(event.order(), known.withOrder(world.conduct.fold(known.order(), event, at)));
    world.say(name, "event@" + offset + " " + event.ordStatus());
    return true;
  }

  private boolean readOutcome() {
    if (!fetched(outcomes)) {
      return false;
    }
    int offset = outcomes.next;
    Outcome outcome = outcomes.take().value();
    OrderRef order = outcome.cancel().order();
    DeskOrder known = table.getOrDefault(order, DeskOrder.NONE);
    put(order, world.conduct.settled(known, outcome, world.setting.desk().slack()));
    waiting.settled(outcome.cancel());
    world.say(name, "hears outcome@" + offset + " of " + outcome.cancel().cancelId());
    return true;
  }

  private boolean readRetry() {
    if (!fetched(retries)) {
      return false;
    }
    var at = new Evidence(world.retries.name, 0, retries.next);
    CancelRequest request = retries.take().value();
    asked.put(at, world.time.now());
    boolean again =
        world.conduct.asksAfterNotSent() || !unsent.contains(request.cancel().cancelId());
    if (!heard(request.cancel()) && again) {
      waiting.later(new DeskCall(request, at, generation));
    }
    return true;
  }

  private boolean fetched(Cursor<?> cursor) {
    if (!cursor.ready(world.time.now())
        || (!ownership.owns(this) && cursor.log.get(cursor.next).at() > pausedAt)) {
      return false;
    }
    if (world.choices.chance(world.slow())) {
      long wait = world.choices.between(20, 2500);
      cursor.blockedUntil = world.time.now() + wait;
      world.disturbed(wait);
      later(wait, this::nudge);
      return false;
    }
    return true;
  }

  private void put(OrderRef order, DeskOrder state) {
    table.put(order, state);
    changelog.send(new World.Change(order, state), null);
  }

  void commitSoon() {
    if (!committing) {
      committing = true;
      int mine = generation;
      later(
          world.choices.delay(1, 30, 400, 100),
          () -> {
            if (works(mine)) {
              commit();
            }
          });
    }
  }

  private void commit() {
    committing = false;
    int mine = generation;
    if (hazard()) {
      return;
    }
    if (world.conduct.flushesBeforeCommit()) {
      changelog.flush();
      waitings.flush();
      progress.flush();
      dead.flush();
      if (!works(mine)) { // a record was lost
        return;
      }
    }
    if (hazard()) {
      return;
    }
    var read = new Ownership.Offsets(intents.next, events.next, outcomes.next, retries.next);
    long asked = nanos();
    if (!ownership.commit(generation, read)) {
      expelled();
      return;
    }
    proved = asked;
    leaseDue();
  }

  // ---- ownership ----

  /** The partition is its own from now on. */
  void owns(int by) {
    world.say(name, "owns the partition");
    disown();
    if (!world.faults.staleChangelog()) {
      changelog.forget();
      waitings.forget();
    }
    generation = by;
    lease = newLease();
    proved = 0;
    Ownership.Offsets from = ownership.committed();
    intents.start(from.intents());
    events.start(from.events());
    outcomes.start(from.outcomes());
    retries.start(from.retries());
    tenure = ownership.tenure();
    for (int i = 0; i < ownership.changelog.end(); i++) {
      World.Change change = ownership.changelog.get(i).value();
      table.put(change.order(), change.state());
    }
    waiting = new WaitingStore(this, lane, waitings, by);
    lane.mayStand(world.stops());
    Map<String, Evidence> meanwhile = Map.copyOf(handed);
    boolean fails = world.faultsAllowed() && world.choices.chance(world.faults.failing());
    waiting.restore(by == diskOf + 1 ? disk : null, fails);
    disk = null;
    handed.clear();
    if (fails) {
      handed.putAll(meanwhile);
      failsToBegin();
      return;
    }
    nudge();
  }

  /** Its thread ends, and nobody closes the task: what it has offered waits on. */
  private void failsToBegin() {
    world.say(name, "fails to take over");
    world.faultHappened(0);
    waiting = new WaitingStore(this, lane, waitings, 0);
    disown();
    progress.end();
    dead.lose();
    changelog.lose();
    waitings.lose();
    ownership.missed(this, world.choices.delay(10, 500, 2000, 100));
  }

  private void expelled() {
    world.say(name, "hears that it was expelled");
    disown();
    ownership.assign();
  }

  /**
   * Its producer ends before it sends anything else; of the changelogs' some had got through. The
   * thread ends, too, and another takes the partition up: here, or in the other process.
   */
  private void lostRecord() {
    if (!world.conduct.endsAtALostRecord()) {
      return;
    }
    diskOf = generation;
    disk = world.choices.chance(500) ? waiting.disk() : null;
    disown();
    progress.end();
    dead.lose();
    changelog.lose();
    waitings.lose();
    ownership.missed(this, world.choices.delay(10, 500, 2000, 100));
  }

  /** Calls under way go on; those that wait are somebody else's. */
  private void disown() {
    lane.withdraw(waiting::has);
    lease.over();
    generation = 0;
    polling = false;
    committing = false;
    table.clear();
    ended.clear();
  }

  @Override
  boolean mayWrite() {
    return world.faults.staleChangelog() || ownership.owns(this);
  }

  @Override
  void paused(long length) {
    pausedAt = world.time.now();
    if (length > Ownership.SESSION) {
      ownership.missed(this, Ownership.SESSION);
    }
  }

  @Override
  void resumed() {
    int mine = generation;
    later(
        world.choices.delay(0, 20, 300, 200),
        () -> {
          if (works(mine) && !ownership.owns(this)) {
            expelled();
          }
        });
    ownership.assign();
  }

  @Override
  void lose() {
    disown();
    changelog.lose();
    waitings.lose();
    progress.lose();
    dead.lose();
    handed.clear();
    asked.clear();
    foundAt.clear();
    unsent.clear();
    attempts.lose();
    lane.lose();
    ownership.missed(this, world.choices.delay(10, 500, 2000, 100));
  }

  @Override
  void recover() {
    lane.started();
    ownership.assign();
  }
}
