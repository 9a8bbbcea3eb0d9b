package io.countermand.simulation.engine;

import java.util.Arrays;

/**
 * Every choice of a history, made from a seed and written down, or read from a script. Zero is
 * always the simplest choice (no fault, least delay), so a script can be shrunk by zeros.
 */
public final class Choices {

  private final int[] script;
  private long state;
  private int[] made = new int[512];
  private int count;

  private Choices(long seed, int[] script) {
    // Mixed: else the next seed's choices would be this one's, moved by one place.
    this.state = mix(seed + 0x632BE59BD9B4E019L);
    this.script = script;
  }

  public static Choices seeded(long seed) {
    return new Choices(seed, new int[0]);
  }

  /** Choices as in the script; zeros after its end. */
  public static Choices scripted(int[] script) {
    return new Choices(0, script.length == 0 ? new int[] {0} : script);
  }

  /** One of 0 to n-1. */
  public int pick(int n) {
    int value;
    if (script.length > 0) {
      value = count < script.length ? Math.min(script[count], n - 1) : 0;
    } else {
      value = n <= 1 ? 0 : (int) Long.remainderUnsigned(next(), n);
    }
    note(value);
    return value;
  }

  /** True with a chance of so many in a thousand. */
  public boolean chance(int permille) {
    if (permille <= 0) {
      return false;
    }
    if (script.length > 0) {
      return pick(2) == 1;
    }
    boolean yes = Long.remainderUnsigned(next(), 1000) < permille;
    note(yes ? 1 : 0);
    return yes;
  }

  /** From {@code low} to {@code high}, both included. */
  public long between(long low, long high) {
    return low + pick((int) (high - low + 1));
  }

  /** Mostly short, now and then up to {@code high}. */
  public long delay(long low, long usual, long high, int permilleLong) {
    return chance(permilleLong) ? between(usual, high) : between(low, usual);
  }

  public int[] made() {
    return Arrays.copyOf(made, count);
  }

  private void note(int value) {
    if (count == made.length) {
      made = Arrays.copyOf(made, count * 2);
    }
    made[count++] = value;
  }

  private long next() {
    return mix(state += 0x9E3779B97F4A7C15L);
  }

  private static long mix(long from) {
    long z = from;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
