package io.countermand.simulation;

import io.countermand.simulation.engine.Choices;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A desk's second producer, for markers and replies: each send by itself. It insists: a send whose
 * acknowledgement is missing is sent again, so it may stand in the log twice. At a kill each may be
 * lost, or there, or come late.
 */
final class SimulatedPost {

  /** What is to follow a send. */
  interface Then {

    /**
     * @param at the virtual time at which the record was appended
     * @param offset where it stands
     */
    void durable(long at, int offset);
  }

  private static final class Send {
    private final Supplier<World.Progress> words;
    private final Then durable;
    private World.Progress record;

    /**
     * Whether this try of it stands in the log already; a producer's own retries are told apart.
     */
    private boolean there;

    Send(Supplier<World.Progress> words, Then durable) {
      this.words = words;
      this.durable = durable;
      this.record = words.get();
    }
  }

  private final SimulatedProcess owner;
  private final World world;
  private final List<Send> unsent = new ArrayList<>();

  SimulatedPost(SimulatedProcess owner) {
    this.owner = owner;
    this.world = owner.world;
  }

  /**
   * @param words asked at each try: a marker says when it was tried
   */
  void send(Supplier<World.Progress> words, Then durable) {
    var send = new Send(words, durable);
    unsent.add(send);
    leave(send);
  }

  private void leave(Send send) {
    world.time.after(
        world.choices.delay(0, 3, 400, world.slow()),
        () -> {
          if (owner.paused() && world.choices.chance(500)) {
            owner.later(0, () -> arrive(send)); // it was not on the wire yet
          } else {
            arrive(send);
          }
        });
  }

  private void arrive(Send send) {
    if (!unsent.contains(send)) {
      return; // its process is gone, and so is what it had
    }
    if (world.choices.chance(world.slow())) { // no acknowledgement
      if (world.choices.chance(500)) {
        world.progress.append(send.record, null);
        send.there = true;
      }
      owner.later(
          world.choices.between(100, 500),
          () -> {
            send.record = send.words.get();
            send.there = false;
            leave(send);
          });
      return;
    }
    unsent.remove(send);
    int offset = world.progress.append(send.record, null);
    long at = world.time.now();
    owner.later(0, () -> send.durable.durable(at, offset));
  }

  void lose() {
    Choices choices = world.choices;
    for (Send send : unsent) {
      if (!send.there && choices.chance(500)) {
        long late = choices.chance(world.faults.lateSend()) ? choices.between(1, 3000) : 0;
        world.time.after(late, () -> world.progress.append(send.record, null));
      }
    }
    unsent.clear();
  }
}
