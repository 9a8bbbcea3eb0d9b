// Over 300 lines: the whole ledger as the simulation plays it; its parts share what a kill takes.
package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.LedgerEffect;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.Lifecycle;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.lifecycle.ReadPositions;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulation.engine.Cursor;
import io.countermand.simulation.engine.Log;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ledger: Kafka Streams, exactly-once; state, outputs and offsets are one transaction. */
final class SimulatedLedger extends SimulatedProcess {

  /** Chance in a thousand that a record that cannot be read yet never can be. */
  private static final int NEVER_READ = 200;

  /** The same, of what stands behind one that never can be. */
  private static final int NOR_THE_NEXT = 500;

  private record Key(OrderRef order, String cancelId) {}

  /**
   * @param leases what they leave open where it stands
   * @param never nobody will ever read it
   */
  private record Parked(
      OrderRef order, Log.Entry<World.Progress> entry, Evidence at, Leases leases, boolean never) {}

  private final Cursor<Intent> intents;
  private final Cursor<World.Progress> progress;
  private final Cursor<OrderEvent> events;
  private final Map<OrderRef, OrderLedger> orders = new HashMap<>();
  private final Map<Key, Lifecycle.Settled> settled = new HashMap<>();

  /** What the open transaction has overwritten. */
  private final Map<OrderRef, OrderLedger> before = new HashMap<>();

  private final List<Key> newlySettled = new ArrayList<>();

  /** What was read and forgotten; with what it was before the open transaction. */
  private ReadPositions positions = ReadPositions.NONE;

  private ReadPositions positionsBefore = ReadPositions.NONE;

  /** What the desks' leases leave open, and before the open transaction. */
  private Leases leases = Leases.NONE;

  private Leases leasesBefore = Leases.NONE;

  /** What they left open where the record of the progress stands that is worked in. */
  private Leases there = Leases.NONE;

  /** Progress that could not be read yet, with what stands behind it of the same order. */
  private List<Parked> parked = List.of();

  private List<Parked> parkedBefore = List.of();

  /** Timers written and not read back yet; memory only. */
  private final Set<Key> fired = new HashSet<>();

  /** Virtual time from which on it remembers nothing of what was settled before. */
  private long forgottenAt = Long.MAX_VALUE;

  /** Those for which one was written since a lease held them back no more; memory only. */
  private final Set<Key> freed = new HashSet<>();

  private Log.@Nullable Txn txn;
  private boolean polling;
  private boolean looking;
  private long timerPlannedAt = Long.MAX_VALUE;

  SimulatedLedger(World world) {
    super(world, "ledger");
    intents = new Cursor<>(world.intents, true);
    progress = new Cursor<>(world.progress, true);
    events = new Cursor<>(world.events, true);
    world.intents.onChange(this::nudge);
    world.progress.onChange(this::nudge);
    world.events.onChange(this::nudge);
  }

  Map<OrderRef, OrderLedger> orders() {
    return orders;
  }

  long forgottenAt() {
    return forgottenAt;
  }

  private void nudge() {
    if (up() && !polling) {
      polling = true;
      later(world.choices.delay(0, 4, 700, world.slow()), this::poll);
    }
  }

  private void poll() {
    polling = false;
    if (hazard()) {
      return;
    }
    boolean read =
        switch (world.choices.pick(3)) {
          case 0 -> readIntent() || readProgress() || readEvent();
          case 1 -> readProgress() || readEvent() || readIntent();
          default -> readEvent() || readIntent() || readProgress();
        };
    if (read) {
      nudge();
    }
  }

  private boolean fetched(Cursor<?> cursor) {
    if (!cursor.ready(world.time.now())) {
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

  private boolean readIntent() {
    if (!fetched(intents)) {
      return false;
    }
    Evidence at = new Evidence(world.intents.name, 0, intents.next);
    Log.Entry<Intent> entry = intents.take();
    begin();
    Instant time = world.appended(entry.at());
    if (passedOver(at, time)) {
      return true;
    }
    if (world.setting.check().check(entry.value(), at, time)
        instanceof IntentCheck.WellFormed good) {
      step(good.cancel().order(), new LedgerEvent.IntentSeen(good.cancel(), at, time));
    }
    positions = positions.read(at, time);
    return true;
  }

  private boolean readProgress() {
    if (!fetched(progress)) {
      return false;
    }
    Evidence at = new Evidence(world.progress.name, 0, progress.next);
    Log.Entry<World.Progress> entry = progress.take();
    begin();
    if (passedOver(at, world.appended(entry.at()))) {
      return true;
    }
    leases = world.conduct.after(leases, entry.value(), world.appended(entry.at()));
    lookSoon();
    if (!parked(entry, at)) {
      heed(entry, at, leases);
    }
    positions = positions.read(at, world.appended(entry.at()));
    return true;
  }

  /** As HeldRefusals does. */
  private void lookSoon() {
    if (!looking && world.conduct.looksAgain() && anyHeldBack()) {
      looking = true;
      later(100, this::look);
    }
  }

  private boolean anyHeldBack() {
    return orders.values().stream()
        .anyMatch(one -> one.open().stream().anyMatch(OpenCancel::heldBack));
  }

  private void look() {
    looking = false;
    if (hazard()) {
      return;
    }
    Instant now = clock();
    orders.forEach(
        (ref, order) -> {
          for (OpenCancel open : order.open()) {
            if (open.heldBack()
                && world.conduct.mayHaveCalled(leases, open.cancel()).isEmpty()
                && freed.add(new Key(ref, open.id()))) {
              world.say(name, "is not held back from " + open.id() + " any more");
              begin();
              World.Progress tick = at -> new LedgerEvent.TimerFired(open.cancel(), now, at, now);
              world.progress.append(tick, txn);
            }
          }
        });
  }

  /**
   * @param stands what leases left open where it stands
   */
  private void heed(Log.Entry<World.Progress> entry, Evidence at, Leases stands) {
    List<LedgerEvent> events = entry.value().events(at);
    leases = world.conduct.known(leases, entry.value());
    there = world.conduct.there(stands, leases);
    events.forEach(this::said);
  }

  /** What cannot be read yet waits, and what is of the same order behind it. A lease never does. */
  private boolean parked(Log.Entry<World.Progress> entry, Evidence at) {
    if (entry.value() instanceof World.Leased
        || !(entry.value().at(at) instanceof LedgerEvent.OfCancel of)) {
      return false;
    }
    OrderRef order = of.cancel().order();
    boolean waits = parked.stream().anyMatch(one -> one.order().equals(order));
    if (!waits && !world.choices.chance(world.unreadable())) {
      return false;
    }
    List<Parked> more = new ArrayList<>(parked);
    boolean behind = waits && parked.getLast().never();
    boolean never =
        mayBeLost(entry.value(), at) && world.choices.chance(behind ? NOR_THE_NEXT : NEVER_READ);
    more.add(new Parked(order, entry, at, leases, never));
    parked = List.copyOf(more);
    world.say(name, "cannot read progress@" + at.offset() + " of " + order + " yet");
    if (!waits) {
      long wait = world.choices.between(20, 4000);
      world.disturbed(wait);
      later(wait, this::readParked);
    }
    return true;
  }

  private void readParked() {
    if (parked.isEmpty() || hazard()) {
      return;
    }
    begin();
    List<Parked> all = parked;
    parked = List.of();
    for (Parked one : all) {
      if (one.never()) {
        giveUp(one);
      } else {
        heed(one.entry(), one.at(), one.leases());
      }
    }
  }

  /**
   * What desks write, but no decision without a place: nobody would know that it ever was. And none
   * that the ledger answers by alone.
   */
  private static boolean mayBeLost(World.Progress record, Evidence at) {
    LedgerEvent event = record.at(at);
    return (record.place() != null
            || event instanceof LedgerEvent.Started
            || event instanceof LedgerEvent.Replied)
        && !(event instanceof LedgerEvent.Decided said
            && said.decision() instanceof DeskDecision.Refuse refuse
            && refuse.reason() == Reason.MALFORMED);
  }

  private void giveUp(Parked one) {
    world.say(name, "gives progress@" + one.at().offset() + " of " + one.order() + " up");
    world.dead.append(new World.Dead(world.progress.name, (int) one.at().offset()), txn);
    Lease.Place place = one.entry().value().place();
    if (place != null) {
      leases = world.conduct.unreadable(leases, place, world.appended(one.entry().at()));
    }
  }

  /**
   * The leases after one more record of progress.
   *
   * @param dead whether it is a dead letter
   */
  static Leases after(Leases leases, World.Progress record, boolean dead, Instant appended) {
    Leases after = after(leases, record, appended);
    Lease.Place place = record.place();
    if (!dead) {
      return known(after, record);
    }
    return place == null ? after : after.unreadable(place, HistorySettings.VENUE, appended);
  }

  private static final Evidence NOWHERE = new Evidence("", 0, 0);

  /** The leases after what a record says. */
  static Leases known(Leases leases, World.Progress record) {
    Lease.Place place = record.place();
    Leases known = place == null ? leases : leases.known(place);
    for (LedgerEvent event : record.events(NOWHERE)) {
      if (event instanceof LedgerEvent.Started said) {
        known = known.known(said.cancel().intent().offset(), said.attemptId());
      } else if (event instanceof LedgerEvent.Replied said) {
        known = known.known(said.cancel().intent().offset(), said.attemptId());
      }
    }
    return known;
  }

  /** The leases after one more record of progress. */
  static Leases after(Leases leases, World.Progress record, Instant appended) {
    if (record instanceof World.Leased(Lease lease)) {
      return leases.read(lease, appended);
    }
    Lease.Place place = record.place();
    return place == null ? leases : leases.decided(place, appended);
  }

  private void said(LedgerEvent event) {
    if (event instanceof LedgerEvent.OfCancel of) {
      if (event instanceof LedgerEvent.TimerFired) {
        fired.remove(new Key(of.cancel().order(), of.cancel().cancelId()));
        freed.remove(new Key(of.cancel().order(), of.cancel().cancelId()));
      }
      step(of.cancel().order(), world.conduct.understood(event));
    }
  }

  private boolean readEvent() {
    if (!fetched(events)) {
      return false;
    }
    Evidence at = new Evidence(world.events.name, 0, events.next);
    Log.Entry<OrderEvent> entry = events.take();
    begin();
    if (passedOver(at, world.appended(entry.at()))) {
      return true;
    }
    step(
        entry.value().order(),
        new LedgerEvent.OrderSeen(entry.value(), at, world.appended(entry.at())));
    positions = positions.read(at, world.appended(entry.at()));
    return true;
  }

  private boolean passedOver(Evidence at, Instant appended) {
    boolean known = world.conduct.wasRead(positions, at, appended);
    if (known) {
      world.say(name, "passes over " + at.topic() + "@" + at.offset());
    }
    return known;
  }

  private long covered(Cancel cancel) {
    return world.conduct.coveredBy(positions, cancel.intent());
  }

  private Lifecycle.Memory memory(OrderRef order) {
    return new Lifecycle.Memory() {
      @Override
      public Lifecycle.@Nullable Settled settled(String cancelId) {
        return world.conduct.remembersSettled() ? settled.get(new Key(order, cancelId)) : null;
      }

      @Override
      public boolean mayHaveForgotten(Cancel cancel) {
        return world.conduct.mayHaveForgotten(positions, cancel);
      }

      @Override
      public List<Long> mayHaveCalled(Cancel cancel) {
        return world.conduct.mayHaveCalled(there, cancel);
      }
    };
  }

  /** Reads all again, long afterwards. */
  void losesOffsets() {
    forgets();
    world.say(name, "has lost its offsets");
    for (Cursor<?> one : List.of(intents, progress, events)) {
      one.committed = 0;
    }
    recover();
  }

  /** What was settled long ago. */
  void forgets() {
    world.say(name, "has forgotten what it settled");
    forgottenAt = world.time.now();
    settled
        .values()
        .removeIf(
            past -> {
              boolean may = positions.mayForget(world.intents.name, past);
              positions = may ? positions.forgetting(world.intents.name, past) : positions;
              return may;
            });
    orders.values().removeIf(order -> order.open().isEmpty());
  }

  private void step(OrderRef order, LedgerEvent event) {
    OrderLedger old = orders.getOrDefault(order, OrderLedger.NONE);
    if (event instanceof LedgerEvent.OrderSeen seen && !old.heeds(seen.event())) {
      return; // as LedgerProcessor does
    }
    Lifecycle.Step step =
        Lifecycle.step(old, event, world.setting.ledger(), memory(order), world.conduct.table());
    if (world.telling()) {
      world.say(name, "reads " + tell(event));
    }
    before.putIfAbsent(order, old);
    orders.put(order, step.state());
    step.effects().forEach(effect -> carryOut(order, effect));
    if (event instanceof LedgerEvent.OfCancel of) {
      repeated(of.cancel());
    }
    planTimer();
  }

  /** Another intent with a settled cancelId is forgotten with the first, as in Books. */
  private void repeated(Cancel cancel) {
    settled.computeIfPresent(
        new Key(cancel.order(), cancel.cancelId()),
        (_, past) ->
            cancel.intent().offset() > past.intentOffset()
                ? new Lifecycle.Settled(past.digest(), past.at(), covered(cancel))
                : past);
  }

  private void carryOut(OrderRef order, LedgerEffect effect) {
    switch (effect) {
      case LedgerEffect.Ask ask -> {
        world.say(name, "asks " + ask.request().kind() + " " + ask.request().cancel().cancelId());
        world.retries.append(ask.request(), txn);
      }
      case LedgerEffect.Find(Finding finding) -> {
        world.say(name, "finds " + finding.cancel().cancelId() + " " + finding.kind());
        for (int i = 0; i < world.conduct.tellings(finding); i++) {
          world.findings.append(finding, txn);
        }
      }
      case LedgerEffect.Tell tell -> world.events.append(tell.event(), txn);
      case LedgerEffect.Conflict conflict -> {
        world.say(name, "conflict: " + conflict.cancel().cancelId() + " -> dead letters");
        world.dead.append(
            new World.Dead(world.intents.name, (int) conflict.cancel().intent().offset()), txn);
      }
      case LedgerEffect.Settle settle -> {
        Outcome outcome = settle.outcome();
        Key key = new Key(order, outcome.cancel().cancelId());
        newlySettled.add(key);
        settled.put(
            key,
            new Lifecycle.Settled(
                outcome.cancel().digest(), outcome.decidedAt(), covered(outcome.cancel())));
        world.say(
            name,
            "settles "
                + key.cancelId()
                + " "
                + outcome.result()
                + " "
                + outcome.reason()
                + (outcome.successor() == null ? "" : ", successor " + outcome.successor()));
        world.outcomes.append(outcome, txn);
      }
    }
  }

  private static String tell(LedgerEvent event) {
    String what = event.getClass().getSimpleName() + "@" + event.at().offset();
    return switch (event) {
      case LedgerEvent.OrderSeen seen -> what + " " + seen.event().ordStatus();
      case LedgerEvent.Started started ->
          what + " " + started.cancel().cancelId() + " " + started.attemptId();
      case LedgerEvent.Replied replied ->
          what + " " + replied.cancel().cancelId() + " " + replied.attemptId();
      case LedgerEvent.OfCancel of -> what + " " + of.cancel().cancelId();
    };
  }

  // ---- timers ----

  private void planTimer() {
    for (OrderLedger order : orders.values()) {
      if (order.open().isEmpty()) {
        continue;
      }
      long at = world.time.now() + until(order.wake(world.setting.ledger())) + 1;
      if (at < timerPlannedAt) {
        timerPlannedAt = at;
        later(at - world.time.now(), this::timer);
      }
    }
  }

  private void timer() {
    timerPlannedAt = Long.MAX_VALUE;
    if (hazard()) {
      return;
    }
    Instant now = clock();
    boolean again = world.choices.chance(50);
    for (OrderRef ref : List.copyOf(orders.keySet())) {
      OrderLedger order = orders.get(ref);
      if (order == null) {
        continue;
      }
      for (OpenCancel open : order.open()) {
        fire(ref, open, now, again);
      }
      if (order.forgettable(now, world.setting.ledger())) {
        begin();
        before.putIfAbsent(ref, order);
        orders.put(ref, OrderLedger.NONE);
      }
    }
    later(100, this::replan);
  }

  private void replan() {
    if (timerPlannedAt == Long.MAX_VALUE) {
      planTimer();
    }
  }

  private void fire(OrderRef ref, OpenCancel open, Instant now, boolean again) {
    Instant due = open.wake(world.setting.ledger());
    Key key = new Key(ref, open.id());
    if (due.isAfter(now) || (!fired.add(key) && !again)) {
      return;
    }
    world.say(name, "timer of " + open.id());
    begin();
    World.Progress tick = at -> new LedgerEvent.TimerFired(open.cancel(), due, at, now);
    if (world.conduct.timersThroughLog()) {
      world.progress.append(tick, txn);
    } else {
      fired.remove(key);
      there = leases;
      step(ref, tick.at(new Evidence(world.progress.name, 0, progress.next)));
    }
  }

  // ---- transactions ----

  private void begin() {
    if (txn == null) {
      positionsBefore = positions;
      leasesBefore = leases;
      parkedBefore = parked;
      txn = new Log.Txn();
      later(world.choices.delay(1, 40, 500, world.slow()), this::commit);
    }
  }

  private void commit() {
    if (hazard() || txn == null) {
      return;
    }
    intents.committed = intents.next;
    progress.committed = progress.next;
    events.committed = events.next;
    before.clear();
    newlySettled.clear();
    end(txn, Log.Txn.State.COMMITTED);
    txn = null;
    nudge();
    if (timerPlannedAt == Long.MAX_VALUE) {
      planTimer();
    }
  }

  private void end(Log.Txn ended, Log.Txn.State state) {
    ended.state = state;
    ended.endedAt = world.time.now();
    world.outcomes.changed();
    world.findings.changed();
    world.events.changed();
    world.progress.changed();
    world.retries.changed();
  }

  @Override
  void lose() {
    polling = false;
    looking = false;
    timerPlannedAt = Long.MAX_VALUE;
    fired.clear();
    freed.clear();
    if (txn == null) {
      return;
    }
    Log.Txn hanging = txn;
    txn = null;
    orders.putAll(before);
    positions = positionsBefore;
    leases = leasesBefore;
    parked = parkedBefore;
    newlySettled.forEach(settled::remove);
    if (world.conduct.exactlyOnce()) {
      long hangs = world.choices.delay(0, 5, 3000, 200);
      world.disturbed(hangs);
      world.time.after(hangs, () -> end(hanging, Log.Txn.State.ABORTED));
    } else {
      end(hanging, Log.Txn.State.COMMITTED);
    }
    before.clear();
    newlySettled.clear();
  }

  @Override
  void recover() {
    intents.rewind();
    progress.rewind();
    events.rewind();
    nudge();
    planTimer();
    lookSoon();
    if (!parked.isEmpty()) {
      later(20, this::readParked);
    }
  }
}
