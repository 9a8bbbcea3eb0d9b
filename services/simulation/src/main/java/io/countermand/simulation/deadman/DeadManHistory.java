package io.countermand.simulation.deadman;

import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.DeadManWatch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dead-man's switches from one seed: producers beat, die, take their switch off, change it and come
 * back; the broker goes away for a while, and so does the ledger, which crashes, is taken over
 * while its old task goes on, or loses its state. In the end all runs well, and some die once more.
 * Held against the topics, and against what really happened:
 *
 * <ul>
 *   <li>what fires has been silent for its time-out, and the last heartbeat asked for just that
 *   <li>an outage that is longer than the switch's bound gives its producer the whole time-out anew
 *   <li>each silence fires once; where state was lost, the same mass cancel again
 *   <li>a silence that lasts fires, in time where nothing else is wrong
 *   <li>a replay of the topic fires the same at the same ticks
 * </ul>
 */
public final class DeadManHistory {

  private static final int STEPS = 300;
  private static final int REST = 400;
  private static final int TIMELY = 3;

  private final DeadManWorld world;
  private final List<DeadManTask> zombies = new ArrayList<>();
  private @Nullable DeadManTask owner;
  private int ownerBack;

  private DeadManHistory(long seed, DeadManConduct conduct) {
    this.world = new DeadManWorld(seed, conduct);
    this.owner = new DeadManTask(world);
  }

  /**
   * What one history breaks; empty: it keeps all promises.
   *
   * @param story gets what happened, line by line; null: nobody asks
   */
  public static List<String> run(long seed, DeadManConduct conduct, @Nullable List<String> story) {
    var history = new DeadManHistory(seed, conduct);
    history.play();
    history.check();
    if (story != null) {
      story.addAll(history.world.story);
    }
    return history.world.broken;
  }

  /**
   * A committed record of heartbeats, and what the ledger says to have fired by it.
   *
   * @param word null: a tick
   */
  public record Line(
      Evidence at, Instant appended, @Nullable Heartbeat word, List<DeadManSwitch> fired) {}

  /** The topic of one history, as it is read in the end: for who derives it again. */
  public static List<Line> topic(long seed, DeadManConduct conduct) {
    var history = new DeadManHistory(seed, conduct);
    history.play();
    return history.lines();
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (int offset = 0; offset < world.log.size(); offset++) {
      int here = offset;
      DeadManWorld.Entry entry = world.log.get(offset);
      if (entry.fate == DeadManWorld.Fate.COMMITTED) {
        List<DeadManSwitch> fired =
            world.fires.stream()
                .filter(fire -> fire.tick() == here)
                .map(DeadManWorld.Fire::one)
                .toList();
        lines.add(
            new Line(DeadManWorld.at(offset), DeadManWorld.instant(entry.at), entry.word, fired));
      }
    }
    return lines;
  }

  private void play() {
    for (world.now = 1; world.now < STEPS; world.now++) {
      if (world.chance(8) && world.brokerUp()) {
        world.breakBroker();
      }
      if (world.chance(30)) {
        world.change();
      }
      if (world.chance(15) && owner != null) {
        lose(owner);
      }
      turn();
    }
    world.calm = true;
    int end = world.now + REST;
    for (; world.now < end; world.now++) {
      if (world.now == end - REST / 2) {
        world.producers.stream().filter(_ -> world.chance(700)).forEach(world::die);
      }
      turn();
    }
  }

  private void turn() {
    world.beat();
    zombies.removeIf(zombie -> !zombie.step());
    if (owner == null && world.now >= ownerBack) {
      owner = new DeadManTask(world);
    }
    if (owner != null && !owner.step()) {
      owner = null;
      ownerBack = world.now + 1;
    }
  }

  private void lose(DeadManTask task) {
    owner = null;
    if (world.chance(300)) {
      zombies.add(task); // it stood still, or cannot be reached; the next one is there at once
      ownerBack = world.now;
      return;
    }
    task.crash();
    ownerBack = world.now + world.random.nextInt(world.chance(500) ? 4 : 60);
    world.say("no ledger until " + ownerBack);
    world.outages.add(new DeadManWorld.Outage(world.now, ownerBack));
    if (world.chance(150)) {
      world.readAgain = true;
      world.kept.position = 0;
      if (world.chance(700)) {
        world.kept = new DeadManWorld.Kept();
      }
    }
  }

  private void check() {
    Map<Integer, String> ids = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (DeadManWorld.Fire fire : world.fires) {
      String what = fire.massId() + " at " + fire.tick() + ": ";
      boolean first = seen.add(fire.massId());
      world.must(first || world.readAgain, what + "fired twice");
      int word = last(fire.one().word().switchId(), fire.tick());
      String other = ids.putIfAbsent(word, fire.massId());
      world.must(other == null || other.equals(fire.massId()), what + "another id for one silence");
      check(fire, word, what);
    }
    world.producers.forEach(one -> check(one, ids));
    replay();
  }

  /** Offset of the last heartbeat before another offset; -1: none. */
  private int last(String id, int before) {
    for (int offset = before - 1; offset >= 0; offset--) {
      Heartbeat word = world.log.get(offset).word;
      if (word != null && word.switchId().equals(id)) {
        return offset;
      }
    }
    return -1;
  }

  private void check(DeadManWorld.Fire fire, int offset, String what) {
    DeadManWorld.Entry entry = world.log.get(Math.max(0, offset));
    Heartbeat word = entry.word;
    int tick = world.log.get(fire.tick()).at;
    world.must(offset >= 0 && word != null && !word.off(), what + "the switch is off");
    if (word == null || word.off()) {
      return;
    }
    int timeout = (int) (word.timeout().toMillis() / DeadManWorld.MILLIS);
    world.must(tick - entry.at >= timeout, what + "was not silent for its time-out");
    world.must(fire.mass().scope().equals(word.scope()), what + "of another scope");
    long bound = fire.one().bound().toMillis() / DeadManWorld.MILLIS;
    for (DeadManWorld.Outage outage : world.outages) {
      boolean counts = outage.to() <= tick && outage.to() > entry.at;
      boolean gap = outage.to() - Math.max(outage.from(), entry.at) > bound;
      world.must(
          !counts || !gap || tick - outage.to() >= timeout,
          what + "fired by what was silent only in an outage, until " + outage.to());
    }
  }

  /** A silence that lasts to the end. */
  private void check(DeadManWorld.Producer producer, Map<Integer, String> ids) {
    int offset = last(producer.id, world.log.size());
    if (offset < 0 || producer.lives) {
      return;
    }
    DeadManWorld.Entry entry = world.log.get(offset);
    Heartbeat word = entry.word;
    if (word == null || word.off()) {
      return;
    }
    world.must(ids.containsKey(offset), producer.id + " is silent since " + offset + ", not fired");
    int timeout = (int) (word.timeout().toMillis() / DeadManWorld.MILLIS);
    if (entry.at > STEPS + REST / 4) { // all has been well since
      world.must(
          world.fires.stream()
              .filter(fire -> fire.one().word().switchId().equals(producer.id))
              .filter(fire -> last(producer.id, fire.tick()) == offset)
              .allMatch(fire -> world.log.get(fire.tick()).at <= entry.at + timeout + TIMELY),
          producer.id + " fires late");
    }
  }

  private void replay() {
    var watch = new DeadManWatch();
    Set<List<Object>> again = new HashSet<>();
    for (int offset = 0; offset < world.log.size(); offset++) {
      DeadManWorld.Entry entry = world.log.get(offset);
      Heartbeat word = entry.word;
      var at = DeadManWorld.instant(entry.at);
      if (word != null) {
        watch.heard(word, DeadManWorld.at(offset), at, false);
      } else if (entry.fate == DeadManWorld.Fate.COMMITTED) {
        for (DeadManSwitch one : watch.tick(DeadManWorld.at(offset), at, _ -> false).fired()) {
          again.add(List.of(one.massId(), offset));
        }
      }
    }
    Set<List<Object>> fired = new HashSet<>();
    world.fires.forEach(fire -> fired.add(List.of(fire.massId(), fire.tick())));
    world.must(fired.equals(again), "a replay fires " + again + ", not " + fired);
  }
}
