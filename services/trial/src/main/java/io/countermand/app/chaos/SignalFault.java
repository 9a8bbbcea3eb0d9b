package io.countermand.app.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One SIGKILL or SIGSTOP.
 *
 * @param gap at least so long after the blow before
 * @param lasts until the process is started again, or goes on
 */
record SignalFault(Duration gap, FaultTarget victim, Kind kind, Duration lasts) {

  enum Kind {
    KILL,
    PAUSE
  }

  private static final int LEAST_GAP_MS = 1_500;
  private static final int GAP_SPREAD_MS = 4_000;

  /** Longer than any session (6 s); some longer than the ledger's transaction may last (10 s). */
  private static final int LEAST_PAUSE_MS = 8_000;

  private static final int PAUSE_SPREAD_MS = 7_000;

  /** A pause for every four kills; no process is spared for long. */
  static List<SignalFault> plan(Random random, int kills) {
    List<SignalFault> plan = new ArrayList<>();
    List<FaultTarget> bag = new ArrayList<>();
    List<FaultTarget> pauseBag = new ArrayList<>();
    for (int n = 0; n < kills; n++) {
      Duration down = Duration.ofMillis(random.nextInt(3_000));
      plan.add(new SignalFault(gap(random), draw(bag, random), Kind.KILL, down));
      if (n % 4 == 1) {
        Duration stopped = Duration.ofMillis(LEAST_PAUSE_MS + random.nextInt(PAUSE_SPREAD_MS));
        plan.add(new SignalFault(gap(random), draw(pauseBag, random), Kind.PAUSE, stopped));
      }
    }
    return plan;
  }

  private static Duration gap(Random random) {
    return Duration.ofMillis(LEAST_GAP_MS + random.nextInt(GAP_SPREAD_MS));
  }

  private static FaultTarget draw(List<FaultTarget> bag, Random random) {
    if (bag.isEmpty()) {
      bag.addAll(List.of(FaultTarget.values()));
      Collections.shuffle(bag, random);
    }
    return bag.removeLast();
  }
}
