package io.countermand.ledger;

import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which order with live cancels needs the clock when. In memory only: the stores say the same after
 * a restart.
 *
 * <p>A timer that was written is on its way back, however long that takes: it is not written again
 * only because another cancel of the order has changed. Else a ledger that is behind writes more
 * timers than it reads, and never catches up.
 */
final class TimerSchedule {

  /** One that was written and not read back by then is written again, after twice as long. */
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MOST_PER_ROUND = 1000;

  private final TreeMap<Instant, Set<String>> byTime = new TreeMap<>();
  private final Map<String, Instant> byKey = new HashMap<>();
  private final Map<String, Map<String, Written>> written = new HashMap<>();

  /**
   * A timer on its way back.
   *
   * @param wake what it is for
   * @param again when to write it once more
   */
  private record Written(Instant wake, Instant again, Duration pause) {

    static Written first(Instant wake, Instant now) {
      return new Written(wake, now.plus(AGAIN), AGAIN);
    }

    Written next(Instant now) {
      Duration twice = pause.multipliedBy(2);
      Duration longer = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
      return new Written(wake, now.plus(longer), longer);
    }
  }

  /** The order has changed. */
  void set(String key, OrderLedger ledger, LedgerRules rules) {
    Map<String, Written> timers = written.getOrDefault(key, Map.of());
    if (timers.size() > ledger.open().size()) {
      timers
          .keySet()
          .retainAll(ledger.open().stream().map(OpenCancel::id).collect(Collectors.toSet()));
      if (timers.isEmpty()) {
        written.remove(key);
      }
    }
    Instant next = null;
    for (OpenCancel open : ledger.open()) {
      Instant at = when(timers.get(open.id()), open.wake(rules));
      next = next == null || at.isBefore(next) ? at : next;
    }
    unplan(key);
    if (next != null) {
      plan(key, next);
    }
  }

  /** The order's cancels whose timers are to be written now. */
  List<OpenCancel> fire(String key, OrderLedger ledger, LedgerRules rules, Instant now) {
    Map<String, Written> timers = written.computeIfAbsent(key, _ -> new HashMap<>());
    List<OpenCancel> due = new ArrayList<>();
    for (OpenCancel open : ledger.open()) {
      Instant wake = open.wake(rules);
      Written before = timers.get(open.id());
      if (!when(before, wake).isAfter(now)) {
        timers.put(
            open.id(),
            before != null && before.wake().equals(wake)
                ? before.next(now)
                : Written.first(wake, now));
        due.add(open);
      }
    }
    set(key, ledger, rules);
    return due;
  }

  private static Instant when(@Nullable Written timer, Instant wake) {
    return timer != null && timer.wake().equals(wake) ? timer.again() : wake;
  }

  private void plan(String key, Instant at) {
    Instant known = byTime.floorKey(at);
    Instant time = at.equals(known) ? known : at;
    byKey.put(key, time);
    byTime.computeIfAbsent(time, _ -> new HashSet<>()).add(key);
  }

  private void unplan(String key) {
    Instant old = byKey.remove(key);
    if (old != null) {
      Set<String> keys = byTime.get(old);
      if (keys != null && keys.remove(key) && keys.isEmpty()) {
        byTime.remove(old);
      }
    }
  }

  /** Orders with live cancels. */
  Set<String> keys() {
    return Collections.unmodifiableSet(byKey.keySet());
  }

  /** When the next key's time comes; {@link Instant#MAX} if there is none. */
  Instant next() {
    return byTime.isEmpty() ? Instant.MAX : byTime.firstKey();
  }

  /** Keys whose time has come, earliest first; a thousand at the most. */
  List<String> due(Instant now) {
    return byTime.headMap(now, true).values().stream()
        .flatMap(Set::stream)
        .limit(MOST_PER_ROUND)
        .toList();
  }
}
