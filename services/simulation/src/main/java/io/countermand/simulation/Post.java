package io.countermand.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A desk's second producer, for markers and replies: each send by itself. It insists: a send whose
 * acknowledgement is missing is sent again, so it may stand in the log twice. At a kill each may be
 * lost, or there, or come late.
 */
final class Post {

  private static final class Send {
    private final World.Progress record;
    private final LongConsumer durable;

    Send(World.Progress record, LongConsumer durable) {
      this.record = record;
      this.durable = durable;
    }
  }

  private final Part owner;
  private final World world;
  private final List<Send> unsent = new ArrayList<>();

  Post(Part owner) {
    this.owner = owner;
    this.world = owner.world;
  }

  /**
   * @param durable told the virtual time at which the record was appended
   */
  void send(World.Progress record, LongConsumer durable) {
    var send = new Send(record, durable);
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
      }
      owner.later(world.choices.between(100, 500), () -> leave(send));
      return;
    }
    unsent.remove(send);
    world.progress.append(send.record, null);
    long at = world.time.now();
    owner.later(0, () -> send.durable.accept(at));
  }

  void lose() {
    Choices choices = world.choices;
    for (Send send : unsent) {
      if (choices.chance(500)) {
        long late = choices.chance(world.faults.lateSend()) ? choices.between(1, 3000) : 0;
        world.time.after(late, () -> world.progress.append(send.record, null));
      }
    }
    unsent.clear();
  }
}
