package io.countermand.simulation;

import io.countermand.domain.CancelRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Who has which request; covers share group and consumer group: any worker, again after a crash.
 */
final class Deliveries {

  /** A request in a worker's hands. */
  record Taken(Deliveries from, int offset, int delivery, CancelRequest request) {}

  private static final int FREE = 0;
  private static final int DONE = -1;

  private final World world;
  private final Log<CancelRequest> log;
  private final int[] counter;

  /** By offset: FREE, DONE, or the number of the delivery that holds it. */
  private final List<Integer> states = new ArrayList<>();

  private final List<Part> holders = new ArrayList<>();

  /** Offsets below are all done. */
  private int low;

  Deliveries(World world, Log<CancelRequest> log, int[] deliveryCounter) {
    this.world = world;
    this.log = log;
    this.counter = deliveryCounter;
  }

  void onChange(Runnable reader) {
    log.onChange(reader);
  }

  void take(Part worker, int most, List<Taken> into) {
    for (int i = low; i < log.end(); i++) {
      Log.Entry<CancelRequest> entry = log.get(i);
      if (entry.open()) {
        return;
      }
      while (states.size() <= i) {
        states.add(FREE);
        holders.add(worker);
      }
      if (entry.aborted()) {
        states.set(i, DONE);
      }
      if (states.get(i) == FREE && into.size() < most) {
        int delivery = ++counter[0];
        states.set(i, delivery);
        holders.set(i, worker);
        into.add(new Taken(this, i, delivery, entry.value()));
      }
      if (i == low && states.get(i) == DONE) {
        low++;
      }
    }
  }

  void acknowledge(Taken taken) {
    if (states.get(taken.offset()) == taken.delivery()) {
      states.set(taken.offset(), DONE);
    }
  }

  /** What {@code worker} holds now goes to others after so many milliseconds. */
  void release(Part worker, long after) {
    List<Integer> held = List.copyOf(states);
    world.time.after(
        after,
        () -> {
          boolean any = false;
          for (int i = 0; i < held.size(); i++) {
            if (held.get(i) > 0
                && holders.get(i).equals(worker)
                && states.get(i).equals(held.get(i))) {
              states.set(i, FREE);
              any = true;
            }
          }
          if (any) {
            log.changed();
          }
        });
  }
}
