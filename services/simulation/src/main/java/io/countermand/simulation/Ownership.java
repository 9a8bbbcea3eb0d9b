package io.countermand.simulation;

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

  /** Offsets that are read next by a new owner. */
  record Offsets(int intents, int events, int outcomes, int retries) {}

  private final World world;
  private final List<Desk> desks = new ArrayList<>();
  private Offsets committed = new Offsets(0, 0, 0, 0);
  private @Nullable Desk owner;
  private int generation;

  Ownership(World world) {
    this.world = world;
  }

  void join(Desk desk) {
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

  boolean owns(Desk desk) {
    return desk.equals(owner);
  }

  /** The group misses {@code desk}; after a while another gets what it had. */
  void missed(Desk desk, long after) {
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
    List<Desk> able = desks.stream().filter(d -> d.up() && !d.paused()).toList();
    if (!able.isEmpty()) {
      owner = able.get(world.choices.pick(able.size()));
      generation++;
      owner.owns(generation);
    }
  }
}
