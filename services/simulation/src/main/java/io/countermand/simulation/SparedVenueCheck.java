package io.countermand.simulation;

import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.simulation.call.Permits;
import io.countermand.simulation.engine.FaultChances;
import io.countermand.simulation.engine.Log;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Checks that the venue is spared: no more calls than permits, and none twice without need. Not
 * numbered in the design; 9 here.
 */
final class SparedVenueCheck {

  private static final Evidence NOWHERE = new Evidence("", 0, 0);

  private final World world;

  SparedVenueCheck(World world) {
    this.world = world;
  }

  /** A call is about to start: its process must have had the permits. */
  static void permitted(World world, SimulatedCall call) {
    Permits permits = world.setting.permits();
    int under = 1;
    for (SimulatedCall other : world.calls) {
      if (!other.caller.equals(call.caller)) {
        continue;
      }
      under += other.end > world.time.now() ? 1 : 0;
      if (Math.abs(other.begun - call.begun) < permits.every()) {
        world.broke("9: " + call.caller + " calls faster than the rate");
      }
    }
    if (under > permits.concurrency()) {
      world.broke("9: " + call.caller + " has " + under + " calls under way");
    }
  }

  void check() {
    Set<String> asked = new HashSet<>();
    for (SimulatedCall call : world.calls) {
      if (!asked.add(call.asked)) {
        world.broke("9: " + call.cancelId + " called twice for one record: " + call.asked);
      }
    }
    if (world.faults.equals(FaultChances.NONE)) {
      once();
    }
  }

  /** Without faults each cancel that was routed is called once, or answered without a call. */
  private void once() {
    Map<String, Integer> calls = new HashMap<>();
    for (SimulatedCall call : world.calls) {
      if (call.isCancel()) {
        calls.merge(call.cancelId, 1, Integer::sum);
      }
    }
    Set<String> routed = new HashSet<>();
    Set<String> answered = new HashSet<>();
    for (Log.Entry<World.Progress> entry : world.heard()) {
      LedgerEvent event = entry.value().at(NOWHERE);
      if (event instanceof LedgerEvent.Decided said
          && said.decision() instanceof DeskDecision.Route) {
        routed.add(said.cancel().cancelId());
      } else if (event instanceof LedgerEvent.Replied replied
          && replied.kind() == RequestKind.CANCEL
          && !replied.sent()) {
        answered.add(replied.cancel().cancelId());
      }
    }
    for (String id : routed) {
      int made = calls.getOrDefault(id, 0);
      if (made == 0 && !answered.contains(id)) {
        world.broke("9: " + id + " was routed, and never called");
      }
    }
    calls.forEach(
        (id, made) -> {
          if (made > 1) {
            world.broke("9: " + id + " called " + made + " times");
          }
        });
  }
}
