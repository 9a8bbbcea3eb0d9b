package io.countermand.simulation;

import io.countermand.domain.Evidence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The waiting calls of one ownership, in a store with a changelog. */
final class WaitingStore {

  private final Desk desk;
  private final World world;
  private final DeskLane lane;
  private final Outbox<World.Kept> changelog;
  private final int generation;
  private final Set<String> kept = new HashSet<>();

  /** What was found in the store, and the record that asks for it: it may be read again. */
  private final Map<String, Evidence> restored = new HashMap<>();

  private final List<DeskCall> held = new ArrayList<>();

  WaitingStore(Desk desk, DeskLane lane, Outbox<World.Kept> changelog, int generation) {
    this.desk = desk;
    this.world = desk.world;
    this.lane = lane;
    this.changelog = changelog;
    this.generation = generation;
  }

  /** Offers what an earlier owner left. */
  void restore() {
    Map<String, DeskCall> left = new TreeMap<>();
    for (int i = 0; i < desk.waitingLog().end(); i++) {
      World.Kept change = desk.waitingLog().get(i).value();
      if (change.call() == null) {
        left.remove(change.id());
      } else {
        left.put(change.id(), change.call());
      }
    }
    if (!world.conduct.restoresWaiting()) {
      return;
    }
    left.forEach(
        (id, call) -> {
          kept.add(id);
          restored.put(id, call.at());
          if (desk.wasHanded(id, call.at())) {
            forget(id);
            return;
          }
          world.say(desk.name, "restores " + id);
          offer(mine(call));
        });
  }

  /** Whether it was found in the store, and this is the record that it was kept for. */
  boolean found(DeskCall call) {
    return call.at().equals(restored.get(call.id()))
        && world.conduct.knowsWhatItRestored(call.request());
  }

  /** A first attempt: at once, or kept. */
  DeskLane.Offer first(DeskCall call) {
    if (found(call)) {
      restored.remove(call.id());
      return DeskLane.Offer.QUEUED;
    }
    DeskCall own = new DeskCall(call.request(), call.at(), generation, true, handed(call.at()));
    DeskLane.Offer offer = lane.offer(own);
    if (offer == DeskLane.Offer.QUEUED) {
      keep(own.unannounced());
    }
    return offer == DeskLane.Offer.KNOWN && kept.contains(own.id()) ? DeskLane.Offer.QUEUED : offer;
  }

  /** A later attempt or a status query: kept before it is offered. */
  void later(DeskCall call) {
    if (found(call)) {
      restored.remove(call.id());
      return;
    }
    DeskCall own = mine(call);
    keep(own);
    offer(own);
  }

  /** Later calls wait until their intent was read: it may be another group's by then. */
  private void offer(DeskCall call) {
    long intent = call.request().cancel().intent().offset();
    if (!call.at().topic().equals(world.retries.name)) {
      DeskLane.Offer _ = lane.offer(call);
    } else if (!desk.passed(intent)) {
      held.add(call);
    } else if (desk.has(intent)) {
      DeskLane.Offer _ = lane.offer(call);
    } else {
      forget(call.id());
    }
  }

  /** The desk has read another intent. */
  void passed() {
    List<DeskCall> all = List.copyOf(held);
    held.clear();
    all.forEach(
        call -> {
          if (kept.contains(call.id())) {
            offer(call);
          }
        });
  }

  boolean has(String id) {
    return kept.contains(id);
  }

  private void keep(DeskCall call) {
    if (kept.add(call.id())) {
      changelog.send(new World.Kept(call.id(), call), null);
    }
  }

  private DeskCall mine(DeskCall call) {
    return new DeskCall(call.request(), call.at(), generation, false, handed(call.at()));
  }

  private Consumer<String> handed(Evidence at) {
    return id -> desk.handed(id, at);
  }

  /** The ledger answers for it; its own thread forgets it a little later. */
  void handed(String id) {
    if (kept.contains(id)) {
      long soon = world.conduct.keptUntilMarked() ? world.choices.delay(0, 5, 200, 300) : 0;
      desk.later(soon, () -> forget(id));
    }
  }

  private void forget(String id) {
    if (desk.works(generation) && kept.remove(id)) {
      changelog.send(new World.Kept(id, null), null);
      desk.commitSoon();
    }
  }
}
