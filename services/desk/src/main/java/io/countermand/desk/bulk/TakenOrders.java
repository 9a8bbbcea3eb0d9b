package io.countermand.desk.bulk;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Orders of which the venue took a cancel in the last seconds, the newest of them: a list may show
 * them open still. One that is open later is open again. Thread-safe.
 */
public final class TakenOrders {

  private static final int MOST = 20_000;
  private static final Duration LATELY = Duration.ofSeconds(10);

  private final Map<String, Instant> taken = new LinkedHashMap<>();

  /** The venue's answer was that it took one, or that the order is cancelled. */
  public synchronized void add(String key, Instant at) {
    taken.remove(key);
    taken.put(key, at);
    if (taken.size() > MOST) {
      taken.remove(taken.keySet().iterator().next());
    }
  }

  public synchronized Set<String> keys(Instant now) {
    taken.values().removeIf(at -> at.plus(LATELY).isBefore(now));
    return Set.copyOf(taken.keySet());
  }
}
