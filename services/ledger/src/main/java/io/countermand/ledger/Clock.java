package io.countermand.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which order needs the clock when. In memory only: the stores say the same after a restart. */
final class Clock {

  /** A timer that was fired and not read back by then (its transaction was aborted) fires again. */
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private static final int MOST_PER_ROUND = 1000;

  private final TreeMap<Instant, Set<String>> byTime = new TreeMap<>();
  private final Map<String, Instant> byKey = new HashMap<>();

  void set(String key, Instant wake) {
    clear(key);
    byKey.put(key, wake);
    byTime.computeIfAbsent(wake, at -> new HashSet<>()).add(key);
  }

  void again(String key, Instant now) {
    set(key, now.plus(AGAIN));
  }

  void clear(String key) {
    Instant old = byKey.remove(key);
    if (old != null) {
      Set<String> keys = byTime.get(old);
      if (keys != null && keys.remove(key) && keys.isEmpty()) {
        byTime.remove(old);
      }
    }
  }

  /** Keys whose time has come, earliest first. */
  List<String> due(Instant now) {
    List<String> due = new ArrayList<>();
    for (Set<String> keys : byTime.headMap(now, true).values()) {
      due.addAll(keys);
      if (due.size() >= MOST_PER_ROUND) {
        break;
      }
    }
    return due;
  }
}
