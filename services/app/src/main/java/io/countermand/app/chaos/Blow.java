package io.countermand.app.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * One SIGKILL or SIGSTOP.
 *
 * @param at counted from the start of the flow
 * @param lasts until the process is started again, or goes on
 */
record Blow(Duration at, Victim victim, Kind kind, Duration lasts) {

  enum Kind {
    KILL,
    PAUSE
  }

  private static final int LEAST_GAP_MS = 3_500;
  private static final int GAP_SPREAD_MS = 4_000;

  /** Longer than any session (6 s); some longer than the ledger's transaction may last (10 s). */
  private static final int LEAST_PAUSE_MS = 8_000;

  private static final int PAUSE_SPREAD_MS = 7_000;

  /** A pause for every four kills, no process spared for long; in order of time. */
  static List<Blow> plan(Random random, int kills) {
    List<Blow> plan = new ArrayList<>();
    List<Victim> bag = new ArrayList<>();
    List<Victim> pauseBag = new ArrayList<>();
    long at = 1_500;
    for (int n = 0; n < kills; n++) {
      plan.add(
          new Blow(
              Duration.ofMillis(at),
              draw(bag, random),
              Kind.KILL,
              Duration.ofMillis(random.nextInt(3_000))));
      if (n % 4 == 1) {
        plan.add(
            new Blow(
                Duration.ofMillis(at + random.nextInt(LEAST_GAP_MS)),
                draw(pauseBag, random),
                Kind.PAUSE,
                Duration.ofMillis(LEAST_PAUSE_MS + random.nextInt(PAUSE_SPREAD_MS))));
      }
      at += LEAST_GAP_MS + random.nextInt(GAP_SPREAD_MS);
    }
    plan.sort(Comparator.comparing(Blow::at));
    return plan;
  }

  private static Victim draw(List<Victim> bag, Random random) {
    if (bag.isEmpty()) {
      bag.addAll(List.of(Victim.values()));
      Collections.shuffle(bag, random);
    }
    return bag.removeLast();
  }
}
