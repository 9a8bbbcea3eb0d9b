// Over 300 lines: as in the desk, which call of a cancel stands for which is asked in one place.
package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.order.Evidence;
import io.countermand.simulation.call.DeskCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The waiting calls of one ownership, in a store with a changelog. */
final class WaitingStore {

  /** A marker that does not come keeps nobody waiting for longer, ms. */
  private static final long MARKED_WITHIN = 2000;

  private final SimulatedDesk desk;
  private final World world;
  private final DeskLane lane;
  private final SimulatedOutbox<World.Kept> changelog;
  private final int generation;
  private final Map<String, DeskCall> kept = new HashMap<>();

  /** What was found in the store, and the record that asks for it: it may be read again. */
  private final Map<String, Evidence> restored = new HashMap<>();

  private final List<DeskCall> held = new ArrayList<>();

  /** Until when what is asked for waits for a marker that is on its way. */
  private final Map<DeskCall, Long> unsure = new LinkedHashMap<>();

  WaitingStore(
      SimulatedDesk desk, DeskLane lane, SimulatedOutbox<World.Kept> changelog, int generation) {
    this.desk = desk;
    this.world = desk.world;
    this.lane = lane;
    this.changelog = changelog;
    this.generation = generation;
  }

  /**
   * Offers what an earlier owner left.
   *
   * @param disk what this desk's own disk has, ahead of the changelog; null: that was not kept
   * @param fails whether the task fails before it has begun
   */
  void restore(@Nullable Map<String, DeskCall> disk, boolean fails) {
    Map<String, DeskCall> left = new TreeMap<>(disk == null ? Map.of() : disk);
    for (int i = 0; disk == null && i < desk.waitingLog().end(); i++) {
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
    List<DeskCall> firsts = new ArrayList<>();
    List<DeskCall> later = new ArrayList<>();
    left.forEach(
        (id, call) -> {
          restored.put(id, call.at());
          DeskCall own = mine(call);
          kept.put(id, own);
          boolean marked = desk.wasHanded(id, call.at());
          if ((marked && world.conduct.remembersHanded()) || desk.heard(call.request().cancel())) {
            forget(id);
            return;
          }
          if (marked) {
            world.broke("9: " + id + " is made again by the process that has marked it");
          }
          world.say(desk.name, "restores " + id);
          if (asked(call)) {
            desk.restored(call.at());
            later.add(own);
          } else {
            firsts.add(own);
          }
        });
    if (fails && !world.conduct.offersBeforeItHasBegun()) {
      return;
    }
    List<DeskCall> begun = new ArrayList<>();
    firsts.forEach(call -> offered(call, begun));
    later.forEach(call -> offer(call, begun));
  }

  /** What its disk has. */
  Map<String, DeskCall> disk() {
    return Map.copyOf(kept);
  }

  private boolean asked(DeskCall call) {
    return call.at().topic().equals(world.retries.name);
  }

  /** Whether it was found in the store, and this is the record that it was kept for. */
  boolean found(DeskCall call) {
    return call.at().equals(restored.get(call.id()))
        && world.conduct.knowsWhatItRestored(call.request());
  }

  /** What was found, and is kept still, may stand on this disk alone. */
  private void readAgain(String id) {
    restored.remove(id);
    DeskCall call = kept.get(id);
    if (call != null && world.conduct.logsWhatItReadsAgain()) {
      changelog.send(new World.Kept(id, call), null);
    }
  }

  /** A first attempt: at once, or kept. */
  DeskLane.Offer first(DeskCall call) {
    offerUnsure();
    if (found(call)) {
      readAgain(call.id());
      return DeskLane.Offer.QUEUED;
    }
    DeskCall own = new DeskCall(call.request(), call.at(), generation, true, handed(call.at()));
    if (anotherWaits(own) || anotherIsHeld(own)) {
      world.say(desk.name, "has another for " + own.id());
      return DeskLane.Offer.QUEUED;
    }
    DeskLane.Offer offer = lane.offer(own);
    if (offer == DeskLane.Offer.QUEUED) {
      keep(own.unannounced());
    }
    return offer == DeskLane.Offer.KNOWN && kept.containsKey(own.id())
        ? DeskLane.Offer.QUEUED
        : offer;
  }

  /** A later attempt or a status query: kept before it is offered. */
  void later(DeskCall call) {
    offerUnsure();
    if (found(call)) {
      readAgain(call.id());
      return;
    }
    DeskCall own = mine(call);
    if ((!world.conduct.asksBesideWhatWaits() && anotherWaits(own)) || markedSince(own)) {
      world.say(desk.name, "has another for " + own.id());
      return;
    }
    keep(own);
    offer(own, new ArrayList<>());
  }

  /** Whether another call to cancel for the same cancel waits, unbegun and kept. */
  private boolean anotherWaits(DeskCall call) {
    if (!world.conduct.onlyWhatWaitsStandsIn() && lane.makes(call)) {
      return true;
    }
    return kept.values().stream()
        .anyMatch(
            other ->
                !other.id().equals(call.id()) && other.standsFor(call) && lane.waits(other.id()));
  }

  /** Whether another one is offered once its intent was read, or a marker's place is known. */
  private boolean anotherIsHeld(DeskCall call) {
    return Stream.concat(
            held.stream().filter(other -> other.request().cancel().intent().equals(call.at())),
            unsure.keySet().stream())
        .anyMatch(other -> kept.containsKey(other.id()) && other.standsFor(call));
  }

  /** A cancel has its outcome. */
  void settled(Cancel cancel) {
    for (DeskCall call : List.copyOf(kept.values())) {
      if (call.same(cancel) && (asked(call) || world.conduct.settledWithdrawsTheFirst())) {
        lane.withdraw(call.id()::equals);
        forget(call.id());
      }
    }
  }

  /**
   * Later calls wait until their intent was read: it may be another group's by then.
   *
   * @param begun what was offered just now
   */
  private void offer(DeskCall call, List<DeskCall> begun) {
    long intent = call.request().cancel().intent().offset();
    boolean beside = world.conduct.asksBesideWhatWaits();
    if (!beside && begun.stream().anyMatch(other -> other.standsFor(call))) {
      forget(call.id());
    } else if (!desk.passed(intent)) {
      held.add(call);
    } else if (!desk.has(intent)) {
      forget(call.id());
    } else if (!markedSince(call) && markerComes(call)) {
      long until = world.time.now() + MARKED_WITHIN;
      unsure.put(call, until);
      lookAgain();
    } else {
      offerKnown(call, begun);
    }
  }

  /** It is known where its cancel's markers stand, or nobody waits for that any more. */
  private void offerKnown(DeskCall call, List<DeskCall> begun) {
    boolean beside = world.conduct.asksBesideWhatWaits();
    boolean waits =
        !beside && (begun.stream().anyMatch(other -> other.standsFor(call)) || anotherWaits(call));
    if (waits || markedSince(call)) {
      world.say(desk.name, "has another for " + call.id());
      forget(call.id());
    } else {
      offered(call, begun);
    }
  }

  private boolean markedSince(DeskCall call) {
    return call.asksForAny() && world.conduct.markedSince(lane.markers(), call.request());
  }

  private boolean markerComes(DeskCall call) {
    return call.asksForAny() && lane.markers().comes(call.request());
  }

  private void lookAgain() {
    desk.later(
        world.choices.between(1, 200),
        () -> {
          if (desk.works(generation)) {
            offerUnsure();
            if (!unsure.isEmpty()) {
              lookAgain();
            }
          }
        });
  }

  /** Offers, or forgets, what waited until it is known where a marker stands. */
  private void offerUnsure() {
    Map<DeskCall, Long> all = new LinkedHashMap<>(unsure);
    unsure.clear();
    List<DeskCall> begun = new ArrayList<>();
    all.forEach(
        (call, until) -> {
          if (!kept.containsKey(call.id())) {
            return; // its cancel has its outcome
          }
          if (world.time.now() < until && !markedSince(call) && markerComes(call)) {
            unsure.put(call, until);
          } else {
            offerKnown(call, begun);
          }
        });
  }

  private void offered(DeskCall call, List<DeskCall> begun) {
    if (lane.offer(call) != DeskLane.Offer.KNOWN || lane.waits(call.id())) {
      begun.add(call);
    }
  }

  /** The desk has read another intent. */
  void passed() {
    List<DeskCall> all = List.copyOf(held);
    held.clear();
    List<DeskCall> begun = new ArrayList<>();
    all.forEach(
        call -> {
          if (kept.containsKey(call.id())) {
            offer(call, begun);
          }
        });
  }

  boolean has(String id) {
    return kept.containsKey(id);
  }

  private void keep(DeskCall call) {
    if (kept.putIfAbsent(call.id(), call) == null) {
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
    if (kept.containsKey(id)) {
      long soon = world.conduct.keptUntilMarked() ? world.choices.delay(0, 5, 200, 300) : 0;
      desk.later(soon, () -> forget(id));
    }
  }

  private void forget(String id) {
    if (desk.works(generation) && kept.remove(id) != null) {
      changelog.send(new World.Kept(id, null), null);
      desk.commitSoon();
    }
  }
}
