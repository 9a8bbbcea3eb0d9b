package io.countermand.simulation.run;

import io.countermand.simulation.Conduct;
import io.countermand.simulation.HistoryRunner;
import io.countermand.simulation.engine.FaultChances;
import io.countermand.simulation.engine.HistoryVerdict;
import java.util.Arrays;

/** Makes a failing history short: fewer choices, and simpler ones, that break the same promise. */
public final class Shrinker {

  private final FaultChances faults;
  private final Conduct conduct;
  private final int promise;
  private final long seed;
  private int[] best;
  private int runs;

  private Shrinker(HistoryVerdict failing, FaultChances faults, Conduct conduct) {
    this.faults = faults;
    this.conduct = conduct;
    this.promise = failing.promise();
    this.seed = failing.seed();
    this.best = trim(failing.choices().made());
  }

  /** The shortest failing history found within so many runs, with its story. */
  public static HistoryVerdict shrink(
      HistoryVerdict failing, FaultChances faults, Conduct conduct, int mostRuns) {
    var shrinker = new Shrinker(failing, faults, conduct);
    int[] before;
    do {
      before = shrinker.best;
      shrinker.pass(mostRuns);
    } while (!Arrays.equals(shrinker.best, before) && shrinker.runs < mostRuns);
    return HistoryRunner.replay(failing.seed(), shrinker.best, faults, conduct, true);
  }

  private void pass(int mostRuns) {
    for (int size = Math.max(1, best.length / 2); size > 0; size /= 2) {
      for (int from = 0; from < best.length && runs < mostRuns; from += size) {
        if (!attempt(without(from, size))) {
          attempt(zeroed(from, size));
        }
      }
    }
    for (int i = 0; i < best.length && runs < mostRuns; i++) {
      if (best[i] > 1) {
        int[] halved = best.clone();
        halved[i] /= 2;
        attempt(halved);
      }
    }
  }

  private boolean attempt(int[] script) {
    if (Arrays.equals(script, best)) {
      return false;
    }
    runs++;
    HistoryVerdict verdict = HistoryRunner.replay(seed, script, faults, conduct, false);
    if (verdict.promise() != promise) {
      return false;
    }
    int[] trimmed = trim(verdict.choices().made());
    if (weight(trimmed) >= weight(best)) {
      return false;
    }
    best = trimmed;
    return true;
  }

  private int[] without(int from, int size) {
    int to = Math.min(best.length, from + size);
    int[] shorter = Arrays.copyOf(best, best.length - (to - from));
    System.arraycopy(best, to, shorter, from, best.length - to);
    return shorter;
  }

  private int[] zeroed(int from, int size) {
    int[] simpler = best.clone();
    Arrays.fill(simpler, from, Math.min(best.length, from + size), 0);
    return simpler;
  }

  /** Zeros at the end say nothing. */
  private static int[] trim(int[] script) {
    int end = script.length;
    while (end > 1 && script[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(script, end);
  }

  /** Length counts most, then how much is not zero. */
  private static long weight(int[] script) {
    long weight = script.length * 4L;
    for (int choice : script) {
      weight += choice == 0 ? 0 : 20 + Math.min(choice, 10_000) / 100;
    }
    return weight;
  }
}
