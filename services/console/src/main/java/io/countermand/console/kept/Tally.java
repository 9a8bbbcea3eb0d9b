package io.countermand.console.kept;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How many of the kept cancels are open, unresolved or late, counted as they change: to look costs
 * the same however many are kept. Not thread-safe.
 */
public final class Tally {

  private final Duration grace;
  private final TreeMap<Age, CancelLife> open = new TreeMap<>();

  /** Open ones by the time from which on they are late, and those that were found to be. */
  private final TreeMap<Age, CancelLife> notLateYet = new TreeMap<>();

  private final TreeMap<Age, CancelLife> lateAndOpen = new TreeMap<>();
  private long unresolved;
  private long lateOutcomes;

  /**
   * @param grace how long after its deadline an outcome may come before it is late
   */
  Tally(Duration grace) {
    this.grace = grace;
  }

  /** A cancel by a time of it, and by its name where times are the same. */
  record Age(Instant time, String name) implements Comparable<Age> {
    @Override
    public int compareTo(Age other) {
      int byTime = time.compareTo(other.time);
      return byTime == 0 ? name.compareTo(other.name) : byTime;
    }
  }

  /**
   * @param open without an outcome
   * @param oldest of them
   * @param unresolved and nothing was learned since
   * @param late without an outcome after deadline and grace, or with one that came later
   */
  public record Sum(long open, Optional<CancelLife> oldest, long unresolved, long late) {}

  /**
   * @param before what it was; null: not kept
   * @param after what it is; null: not kept any more
   */
  void change(String name, @Nullable CancelLife before, @Nullable CancelLife after) {
    if (before != null) {
      leave(name, before);
    }
    if (after != null) {
      enter(name, after);
    }
  }

  private void enter(String name, CancelLife life) {
    if (life.open()) {
      open.put(new Age(life.received(), name), life);
      life.lateFrom(grace).ifPresent(from -> notLateYet.put(new Age(from, name), life));
    }
    count(life, 1);
  }

  private void leave(String name, CancelLife life) {
    if (life.open()) {
      open.remove(new Age(life.received(), name));
      life.lateFrom(grace)
          .map(from -> new Age(from, name))
          .ifPresent(
              age -> {
                notLateYet.remove(age);
                lateAndOpen.remove(age);
              });
    }
    count(life, -1);
  }

  private void count(CancelLife life, int by) {
    if (life.unresolved() && life.resolved().isEmpty()) {
      unresolved += by;
    }
    if (!life.open() && life.late(Instant.MIN, grace)) {
      lateOutcomes += by;
    }
  }

  /** The oldest first. */
  List<CancelLife> open() {
    return List.copyOf(open.values());
  }

  Sum sum(Instant now) {
    while (!notLateYet.isEmpty() && notLateYet.firstKey().time().isBefore(now)) {
      var late = notLateYet.pollFirstEntry();
      lateAndOpen.put(late.getKey(), late.getValue());
    }
    return new Sum(
        open.size(),
        Optional.ofNullable(open.firstEntry()).map(java.util.Map.Entry::getValue),
        unresolved,
        lateOutcomes + lateAndOpen.size());
  }
}
