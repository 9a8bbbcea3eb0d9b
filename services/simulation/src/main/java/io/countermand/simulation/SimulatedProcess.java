package io.countermand.simulation;

import io.countermand.simulation.engine.FaultChances;
import java.time.Instant;
import java.util.ArrayDeque;

/** A process that can be killed, paused and started again, with a clock of its own. */
abstract class SimulatedProcess {

  final World world;
  final String name;
  private final long skew;
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private int life;
  private boolean up = true;
  private boolean paused;

  SimulatedProcess(World world, String name) {
    this(world, name, 0);
  }

  /**
   * @param lag its clock is behind by so much, and by a skew as any other
   */
  SimulatedProcess(World world, String name, long lag) {
    this.world = world;
    this.name = name;
    this.skew = world.skew() - lag;
  }

  Instant clock() {
    return world.instant(skew);
  }

  /** Virtual milliseconds until this part's clock shows {@code at}; at least 0. */
  long until(Instant at) {
    return Math.max(0, at.toEpochMilli() - clock().toEpochMilli());
  }

  int life() {
    return life;
  }

  boolean up() {
    return up;
  }

  boolean paused() {
    return paused;
  }

  /** Runs unless this life is over by then; while paused it waits. */
  final void later(long delay, Runnable run) {
    int mine = life;
    world.time.after(
        delay,
        () -> {
          if (mine == life && paused) {
            held.add(run);
          } else if (mine == life) {
            run.run();
          }
        });
  }

  /** A place where a kill or a pause can happen; true: this life is over, do nothing more. */
  final boolean hazard() {
    FaultChances faults = world.faults;
    if (!up || !world.faultsAllowed()) {
      return !up;
    }
    if (world.choices.chance(world.crash())) {
      crash(world.choices.delay(20, 800, 5000, 300));
      return true;
    }
    if (!paused && world.choices.chance(faults.pause())) {
      pause(world.choices.delay(50, 1500, 6000, 300));
    }
    return false;
  }

  private void crash(long outage) {
    world.say(name, "is killed");
    world.faultHappened(outage);
    life++;
    up = false;
    paused = false;
    held.clear();
    lose();
    world.time.after(
        outage,
        () -> {
          up = true;
          world.say(name, "starts again");
          recover();
        });
  }

  private void pause(long length) {
    world.say(name, "is paused");
    world.faultHappened(length);
    paused = true;
    int mine = life;
    paused(length);
    world.time.after(
        length,
        () -> {
          if (mine == life) {
            paused = false;
            world.say(name, "goes on");
            resumed();
            while (!held.isEmpty() && mine == life && !paused) {
              held.poll().run();
            }
          }
        });
  }

  /** What a kill takes away. */
  abstract void lose();

  /** What a start finds. */
  abstract void recover();

  /** Called when a pause of so many milliseconds begins. */
  void paused(long length) {}

  /** Called when a pause is over. */
  void resumed() {}

  /** Whether its changelogs take what it sends now. */
  boolean mayWrite() {
    return true;
  }
}
