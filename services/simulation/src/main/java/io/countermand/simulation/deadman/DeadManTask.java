package io.countermand.simulation.deadman;

import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.DeadManWatch;
import io.countermand.domain.mass.Heartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The ledger's task: exactly-once. Offset, store, ticks and fires are one transaction, which is
 * void if another task has the partition when it ends.
 */
final class DeadManTask {

  /** After so many steps the broker ends a transaction that nobody ends. */
  private static final int TRANSACTION = 50;

  private final DeadManWorld world;
  private final int life;
  private final DeadManWorld.Kept is;
  private final DeadManWatch watch = new DeadManWatch();
  private final List<DeadManWorld.Entry> ticks = new ArrayList<>();
  private final List<DeadManWorld.Fire> fires = new ArrayList<>();
  private boolean dirty;
  private int begun;

  /** When it wrote its last tick; one is written at the start. */
  private int ticked = Integer.MIN_VALUE / 2;

  DeadManTask(DeadManWorld world) {
    this.world = world;
    this.life = ++world.epoch;
    this.is = world.kept.copy();
    for (DeadManSwitch row : is.rows.values()) {
      DeadManSwitch found = world.conduct.kept(row);
      if (found != null) {
        watch.kept(found);
      }
    }
    DeadManWatch.LastTick clock = is.clock;
    if (clock != null) {
      watch.kept(clock);
    }
    world.say("task " + life + " reads from " + is.position + ", has " + is.rows.keySet());
  }

  boolean zombie() {
    return life != world.epoch;
  }

  /** False: it has found that it is a zombie, and ends. */
  boolean step() {
    if (!ticks.isEmpty() && world.now - begun > TRANSACTION) {
      crash();
      return false;
    }
    if (!world.brokerUp()) {
      return true;
    }
    int most = world.calm ? Integer.MAX_VALUE : world.random.nextInt(4);
    for (int i = 0; i < most && read(); i++) {}
    alarm();
    return (!world.calm && !world.chance(700)) || commit();
  }

  /** Up to the first record of a transaction that is open, its own, too. */
  private boolean read() {
    if (is.position >= world.log.size()) {
      return false;
    }
    DeadManWorld.Entry entry = world.log.get(is.position);
    if (entry.fate == DeadManWorld.Fate.OPEN) {
      return false;
    }
    int offset = is.position++;
    begin();
    Heartbeat word = entry.word;
    Instant appended = DeadManWorld.instant(entry.at);
    if (word != null) {
      String id = word.switchId();
      boolean fired = world.fires.stream().anyMatch(one -> one.one().word().switchId().equals(id));
      apply(world.conduct.heard(watch, word, DeadManWorld.at(offset), appended, fired), offset);
    } else if (entry.fate == DeadManWorld.Fate.COMMITTED) {
      apply(world.conduct.tick(watch, DeadManWorld.at(offset), appended), offset);
    }
    return true;
  }

  private void begin() {
    if (!dirty) {
      dirty = true;
      begun = world.now;
    }
  }

  private void apply(DeadManWatch.Step step, int offset) {
    step.keep().forEach(one -> is.rows.put(one.word().switchId(), one));
    step.drop().forEach(is.rows::remove);
    is.clock = watch.clock();
    for (DeadManSwitch one : step.fired()) {
      Instant at = DeadManWorld.instant(world.log.get(offset).at);
      fires.add(new DeadManWorld.Fire(one, one.fires(at), world.conduct.massId(one, life), offset));
    }
  }

  private void alarm() {
    Duration period = watch.period();
    Instant next = watch.next();
    if (period == null || next == null) {
      return;
    }
    int every = Math.max(1, (int) (period.toMillis() / DeadManWorld.MILLIS));
    if (world.now - ticked >= every || (!world.time().isBefore(next) && world.now > ticked)) {
      ticked = world.now;
      begin();
      var tick = new DeadManWorld.Entry(null, world.now, DeadManWorld.Fate.OPEN);
      world.say("task " + life + " ticks at " + world.log.size());
      world.append(tick);
      ticks.add(tick);
      if (world.conduct.decidesAtOnce()) {
        int offset = world.log.size() - 1;
        apply(world.conduct.tick(watch, DeadManWorld.at(offset), world.time()), offset);
      }
    }
  }

  private boolean commit() {
    if (!dirty) {
      return true;
    }
    dirty = false;
    if (zombie() && world.conduct.fences()) {
      crash();
      return false;
    }
    ticks.forEach(tick -> tick.fate = DeadManWorld.Fate.COMMITTED);
    ticks.clear();
    fires.forEach(fire -> world.say("task " + life + " fires " + fire.one().word().switchId()));
    world.fires.addAll(fires);
    fires.clear();
    if (!zombie()) {
      world.kept = is.copy();
    }
    return true;
  }

  /** Its transaction is void. */
  void crash() {
    world.say("task " + life + " is no more");
    ticks.forEach(tick -> tick.fate = DeadManWorld.Fate.ABORTED);
    ticks.clear();
    fires.clear();
  }
}
