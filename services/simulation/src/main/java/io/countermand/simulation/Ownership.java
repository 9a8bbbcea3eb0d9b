package io.countermand.simulation;

import io.countermand.domain.decision.Tenure;
import io.countermand.simulation.engine.Log;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The consumer group of the desks: who owns the partition, and what was committed. A desk that was
 * expelled may not know it yet.
 */
final class Ownership {

  /** A pause longer than this costs the partition, ms. */
  static final long SESSION = 1500;

  /** The group that decides until a hand-over. */
  static final String FIRST = "first";

  /** The group that decides from then on, where there is one. */
  static final String NEXT = "next";

  /** Offsets that are read next by a new owner. */
  record Offsets(int intents, int events, int outcomes, int retries) {}

  final String group;
  final Log<World.Change> changelog;
  final Log<World.Kept> waiting;
  private final World world;
  private final List<SimulatedDesk> desks = new ArrayList<>();
  private Offsets committed;
  private @Nullable SimulatedDesk owner;
  private int generation;

  /** So many intents any of its desks has read. */
  private int furthest;

  private Ownership(World world, String group, int generation, Offsets from) {
    this.world = world;
    this.group = group;
    this.generation = generation;
    this.committed = from;
    this.changelog = new Log<>("orders-changelog", world.time);
    this.waiting = new Log<>("waiting-calls-changelog", world.time);
  }

  static Ownership first(World world) {
    return new Ownership(world, FIRST, 0, new Offsets(0, 0, 0, 0));
  }

  /** From the first record on, so that it knows of every cancel in flight. */
  static Ownership next(World world) {
    return new Ownership(world, NEXT, 1_000_000, new Offsets(0, 0, 0, 0));
  }

  void read(int intents) {
    furthest = Math.max(furthest, intents);
  }

  /** As its store has it: no less than was committed, and what a changelog had more. */
  Tenure tenure() {
    Tenure tenure = world.conduct.first(group.equals(FIRST));
    if (!world.handOvers.isEmpty()) {
      int more = Math.max(0, furthest - committed.intents());
      int upTo = committed.intents() + world.choices.pick(more + 1);
      for (var each : world.handOvers.entrySet()) {
        if (each.getKey() < upTo) {
          tenure = world.conduct.after(tenure, each.getValue(), each.getKey(), group);
        }
      }
    }
    return tenure;
  }

  void join(SimulatedDesk desk) {
    desks.add(desk);
    assign();
  }

  int generation() {
    return generation;
  }

  Offsets committed() {
    return committed;
  }

  /** False: that generation is over, and nothing was committed. */
  boolean commit(int by, Offsets offsets) {
    if (by != generation || owner == null) {
      return false;
    }
    committed = offsets;
    return true;
  }

  boolean owns(SimulatedDesk desk) {
    return desk.equals(owner);
  }

  /** The group misses {@code desk}; after a while another gets what it had. */
  void missed(SimulatedDesk desk, long after) {
    if (!owns(desk)) {
      return;
    }
    world.disturbed(after);
    int mine = generation;
    world.time.after(
        after,
        () -> {
          if (mine == generation && owns(desk)) {
            owner = null;
            assign();
          }
        });
  }

  /** The group's offsets are set back to the first record. */
  void losesOffsets() {
    committed = new Offsets(0, 0, 0, 0);
    owner = null;
    assign();
  }

  /** Gives the partition to a desk that can take it, if nobody owns it. */
  void assign() {
    if (owner != null) {
      return;
    }
    List<SimulatedDesk> able = desks.stream().filter(d -> d.up() && !d.paused()).toList();
    if (!able.isEmpty()) {
      owner = able.get(world.choices.pick(able.size()));
      generation++;
      owner.owns(generation);
    }
  }
}
