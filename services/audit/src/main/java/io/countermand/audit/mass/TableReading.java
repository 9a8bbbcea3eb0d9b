package io.countermand.audit.mass;

import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How far the desks of each venue had read the order events of one partition, at what time: by the
 * states that they published. What they had read and published nothing of is not seen.
 */
final class TableReading {

  private final Map<String, NavigableMap<Instant, Long>> read = new HashMap<>();

  /**
   * A row of order-states.
   *
   * @param event the order event that it rests on
   * @param published when
   */
  void see(String venue, Evidence event, Instant published) {
    NavigableMap<Instant, Long> all = read.computeIfAbsent(venue, _ -> new TreeMap<>());
    Map.Entry<Instant, Long> before = all.floorEntry(published);
    if (before == null || before.getValue() < event.offset()) {
      all.put(published, event.offset());
      NavigableMap<Instant, Long> later = all.tailMap(published, false);
      later.values().removeIf(offset -> offset <= event.offset());
    }
  }

  /** The last order event that had certainly been read by then; -1: none. */
  long readBy(String venue, Instant time) {
    NavigableMap<Instant, Long> all = read.get(venue);
    Map.Entry<Instant, Long> last = all == null ? null : all.lowerEntry(time);
    return last == null ? -1 : last.getValue();
  }
}
