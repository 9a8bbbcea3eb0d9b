package io.countermand.simulation.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time in milliseconds; what is planned happens in order of time, then of planning. */
public final class Timeline {

  private final PriorityQueue<Plan> plans =
      new PriorityQueue<>(64, Comparator.comparingLong(Plan::at).thenComparingLong(Plan::number));
  private long now;
  private long planned;

  private record Plan(long at, long number, Runnable run) {}

  public long now() {
    return now;
  }

  public void after(long delay, Runnable run) {
    plans.add(new Plan(now + Math.max(0, delay), planned++, run));
  }

  /** Lets it all happen; returns false if it has not come to rest after so many steps. */
  public boolean run(int mostSteps) {
    for (int step = 0; step < mostSteps; step++) {
      Plan next = plans.poll();
      if (next == null) {
        return true;
      }
      now = next.at();
      next.run().run();
    }
    return plans.isEmpty();
  }
}
