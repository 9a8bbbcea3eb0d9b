package io.countermand.desk.lane;

import io.countermand.domain.decision.LaneQueue;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whose next attempt is as good as the first: each one before it was to be carried by a call for
 * many that was not made. The ledger counts those, since each had its marker; but the venue saw
 * none of them, so they are no sign that it does not take what it is sent. In memory only: after a
 * restart they count. Under the lane's lock.
 */
final class FirstAttempts {

  private final Map<String, Instant> deadlines = new HashMap<>(); // by cancel
  private final Set<String> carried = new HashSet<>(); // by the present call for many; ids

  /** Whether an attempt of the same cancel was made before this one, as far as is known here. */
  boolean again(LaneCall call) {
    return call.request().attemptNo() > 1 && !deadlines.containsKey(cancel(call));
  }

  /** It has a call of its own. */
  void begun(LaneCall call) {
    deadlines.remove(cancel(call));
  }

  /** One call is to carry all these, and no others. */
  void carried(Collection<LaneQueue.Waiting<LaneCall>> all) {
    carried.clear();
    for (LaneQueue.Waiting<LaneCall> one : all) {
      if (!one.again()) {
        carried.add(one.id());
      }
      deadlines.remove(cancel(one.what()));
    }
  }

  /** The call that was to carry these is not made. */
  void unmade(Collection<LaneCall> calls, Instant now) {
    deadlines
        .values()
        .removeIf(deadline -> !now.isBefore(deadline)); // which nobody asked for again
    for (LaneCall call : calls) {
      if (carried.contains(call.id())) {
        deadlines.put(cancel(call), call.request().cancel().deadline());
      }
    }
  }

  private static String cancel(LaneCall call) {
    return call.request().cancel().order().key() + '#' + call.request().cancel().cancelId();
  }
}
