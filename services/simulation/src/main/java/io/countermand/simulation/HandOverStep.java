package io.countermand.simulation;

import io.countermand.domain.Intent;
import io.countermand.domain.decision.HandOver;
import io.countermand.domain.order.OrderRef;
import java.util.Map;

/**
 * The venue goes to another group of desks at any time; the next group has read along since before
 * the first intent, so that it knows of every cancel in flight.
 */
final class HandOverStep {

  private static final int LATEST = 6000;

  private final World world;
  private final SimulatedVenue venue;

  HandOverStep(World world, SimulatedVenue venue) {
    this.world = world;
    this.venue = venue;
  }

  void plan() {
    var next = Ownership.next(world);
    next.join(new SimulatedDesk(world, "desk-3", next, venue));
    world.time.after(world.choices.between(1, LATEST), this::write);
  }

  /** Its record is no intent: nobody but the desks looks what it says. */
  private void write() {
    int offset = world.intents.end();
    world.handOvers.put(
        offset, new HandOver(HistorySettings.VENUE, Ownership.FIRST, Ownership.NEXT));
    world.say("operator", "intent@" + offset + " is a hand-over");
    var order = new OrderRef(HistorySettings.VENUE, "acc", "none");
    var blank =
        new Intent(
            "",
            order,
            null,
            null,
            null,
            null,
            false,
            false,
            null,
            null,
            Map.of(),
            world.instant(0));
    int _ = world.intents.append(blank, null);
  }
}
