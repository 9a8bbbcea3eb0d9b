package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Outcome;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulation.engine.Log;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks promises 1, 4 and 6 of a history that has come to rest; {@link Truth} checks 2. */
final class Promises {

  private static final long MARGIN = 6000;

  private record Key(OrderRef order, String cancelId) {}

  private final World world;
  private final Map<Key, Cancel> wanted = new HashMap<>();
  private final Map<Key, Log.Entry<Outcome>> answers = new HashMap<>();
  private final Map<Integer, String> deadExpected = new HashMap<>();

  /**
   * A cancelId stands on both sides of a hand-over, with different contents; or nobody could read
   * what was said of one of its contents.
   */
  private boolean torn;

  Promises(World world) {
    this.world = world;
  }

  void check(SimulatedLedger ledger) {
    intents();
    outcomes();
    for (Map.Entry<Key, Cancel> entry : wanted.entrySet()) {
      if (!answers.containsKey(entry.getKey())) {
        world.broke("1: no outcome for " + entry.getKey().cancelId());
      }
    }
    for (OrderLedger order : ledger.orders().values()) {
      if (!order.open().isEmpty()) {
        world.broke("1: still open at the end: " + order.open().getFirst().id());
      }
    }
    deadLetters();
    var truth = new Truth(world, byId());
    answers.values().forEach(truth::check);
    answers.values().forEach(new RefusalCheck(world)::check);
    new FindingsCheck(world, byId()).check(ledger.forgottenAt());
    singleFlight();
    new SparedVenueCheck(world).check();
    if (torn) { // which of the two the ledger hears of first is nobody's to say, DECISION.md
      world.broken.removeIf(promise -> !promise.startsWith("10:"));
    }
  }

  private Map<String, Log.Entry<Outcome>> byId() {
    Map<String, Log.Entry<Outcome>> byId = new HashMap<>();
    answers.forEach((key, entry) -> byId.put(key.cancelId(), entry));
    return byId;
  }

  private void intents() {
    for (int i = 0; i < world.intents.end(); i++) {
      Log.Entry<Intent> entry = world.intents.get(i);
      Evidence at = new Evidence(world.intents.name, 0, i);
      switch (world.setting.check().check(entry.value(), at, world.appended(entry.at()))) {
        case IntentCheck.Unanswerable _ -> deadExpected.put(i, "unanswerable");
        case IntentCheck.Malformed malformed -> want(i, malformed.cancel(), false);
        case IntentCheck.WellFormed good -> want(i, good.cancel(), true);
      }
    }
  }

  private void want(int offset, Cancel cancel, boolean wellFormed) {
    Cancel first = wanted.putIfAbsent(new Key(cancel.order(), cancel.cancelId()), cancel);
    if (first != null && !first.digest().equals(cancel.digest())) {
      torn |=
          !world.group(first.intent().offset()).equals(world.group(offset))
              || Markers.lostOf(world, cancel.cancelId());
    }
    if (first != null && wellFormed && !first.digest().equals(cancel.digest())) {
      deadExpected.put(offset, "conflict");
    }
  }

  private void outcomes() {
    for (Log.Entry<Outcome> entry : world.outcomes.committed()) {
      Cancel cancel = entry.value().cancel();
      Key key = new Key(cancel.order(), cancel.cancelId());
      Cancel first = wanted.get(key);
      if (first == null || !first.digest().equals(cancel.digest())) {
        world.broke("1: an outcome for nothing that was asked: " + key.cancelId());
      }
      if (answers.put(key, entry) != null) {
        world.broke("1: two outcomes for " + key.cancelId());
      }
      long due = world.virtual(cancel.deadline()) + HistorySettings.GRACE.toMillis();
      long fair = Math.max(due, Math.max(world.calm, world.undisturbedSince(Long.MAX_VALUE)));
      if (Truth.decided(entry) > fair + MARGIN) {
        world.broke("1: late outcome for " + key.cancelId());
      }
    }
  }

  private void deadLetters() {
    Map<Integer, Integer> found = new HashMap<>();
    for (Log.Entry<World.Dead> entry : world.dead.committed()) {
      if (entry.value().topic().equals(world.intents.name)) {
        found.merge(entry.value().offset(), 1, Integer::sum);
      }
    }
    deadExpected.forEach(
        (offset, why) -> {
          int times = found.getOrDefault(offset, 0);
          if (times == 0 || (times > 1 && why.equals("conflict"))) {
            world.broke("6: intent@" + offset + " " + times + " times in dead letters: " + why);
          }
        });
    for (Integer offset : found.keySet()) {
      if (!deadExpected.containsKey(offset)) {
        world.broke("6: intent@" + offset + " in dead letters without need");
      }
    }
  }

  /**
   * Two calls to cancel one order at a time, for two cancels neither of which was decided; but one
   * that says override waits for nobody.
   */
  private void singleFlight() {
    List<SimulatedCall> calls = new ArrayList<>(world.calls);
    for (int i = 0; i < calls.size(); i++) {
      for (int j = i + 1; j < calls.size(); j++) {
        SimulatedCall first = calls.get(i);
        SimulatedCall second = calls.get(j);
        if (first.book == second.book
            && !first.cancelId.equals(second.cancelId)
            && first.isCancel()
            && second.isCancel()
            && second.start < first.end
            && live(first, second.start)
            && live(second, second.start)
            && group(first).equals(group(second))
            && !override(first)
            && !override(second)
            && !tookOver(first, second)
            && !tookOver(second, first)
            && !Markers.refusedByDesk(world, first.cancelId)
            && !Markers.refusedByDesk(world, second.cancelId)) {
          world.broke("4: calls of " + first.cancelId + " and " + second.cancelId + " overlap");
          return;
        }
      }
    }
  }

  /**
   * Whether one took the lead over since the other's deadline had passed, by the clock of the desk
   * that said so. A desk that was expelled while its marker was on the way may have another clock.
   */
  private boolean tookOver(SimulatedCall one, SimulatedCall leader) {
    Cancel cancel = wanted.get(new Key(leader.book.ref, leader.cancelId));
    return cancel != null && Markers.joinedFrom(world, one.cancelId, cancel.deadline());
  }

  /** Which group of desks its intent was for. */
  private String group(SimulatedCall call) {
    Cancel cancel = wanted.get(new Key(call.book.ref, call.cancelId));
    return world.group(cancel == null ? 0 : cancel.intent().offset());
  }

  private boolean override(SimulatedCall call) {
    Cancel cancel = wanted.get(new Key(call.book.ref, call.cancelId));
    return cancel != null && cancel.override();
  }

  private boolean live(SimulatedCall call, long at) {
    Log.Entry<Outcome> answer = answers.get(new Key(call.book.ref, call.cancelId));
    return answer == null || answer.at() > at;
  }
}
