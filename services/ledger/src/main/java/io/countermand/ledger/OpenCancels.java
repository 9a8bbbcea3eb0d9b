package io.countermand.ledger;

import io.countermand.domain.Cancel;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The open cancels of one task by age and by deadline, so that nobody has to scan the store to say
 * which is oldest. In memory only: made anew from the store when the task starts. Changed by the
 * task's thread alone, which publishes what others may read.
 */
final class OpenCancels {

  /** Label of venues that are not configured: producers choose their names. */
  static final String OTHER = "other";

  /**
   * One venue's, as last published.
   *
   * @param oldest when the broker got the oldest one's intent; null: none is open
   * @param earliest deadline; null: none is open
   */
  record View(int count, @Nullable Instant oldest, @Nullable Instant earliest) {
    static final View NONE = new View(0, null, null);
  }

  private final Map<String, PerVenue> venues;
  private final PerVenue others = new PerVenue();

  OpenCancels(Collection<String> venues) {
    this.venues =
        venues.stream().collect(Collectors.toMap(Function.identity(), name -> new PerVenue()));
  }

  /** What was open for this order, and what is now. */
  void changed(String key, OrderLedger before, OrderLedger after) {
    Set<String> was = ids(before);
    Set<String> is = ids(after);
    for (OpenCancel cancel : before.open()) {
      if (!is.contains(cancel.id())) {
        of(cancel.cancel()).remove(key, cancel.id());
      }
    }
    for (OpenCancel cancel : after.open()) {
      if (!was.contains(cancel.id())) {
        of(cancel.cancel()).add(key, cancel.cancel());
      }
    }
  }

  private static Set<String> ids(OrderLedger ledger) {
    Set<String> ids = HashSet.newHashSet(ledger.open().size());
    ledger.open().forEach(cancel -> ids.add(cancel.id()));
    return ids;
  }

  /** Lets others read what is so now. */
  void publish() {
    venues.values().forEach(PerVenue::publish);
    others.publish();
  }

  /**
   * What was published last. Any thread.
   *
   * @param venue a configured one, or {@link #OTHER}
   */
  View view(String venue) {
    return venues.getOrDefault(venue, others).view;
  }

  private PerVenue of(Cancel cancel) {
    return venues.getOrDefault(cancel.order().venue(), others);
  }

  private record Entry(Instant receivedAt, Instant deadline, String id) {}

  private static final class PerVenue {

    private final Map<String, Entry> byId = new HashMap<>();
    private final TreeSet<Entry> byAge =
        new TreeSet<>(Comparator.comparing(Entry::receivedAt).thenComparing(Entry::id));
    private final TreeSet<Entry> byDeadline =
        new TreeSet<>(Comparator.comparing(Entry::deadline).thenComparing(Entry::id));
    private boolean changed;
    private volatile View view = View.NONE;

    void add(String key, Cancel cancel) {
      String id = id(key, cancel.cancelId());
      var entry = new Entry(cancel.receivedAt(), cancel.deadline(), id);
      if (byId.putIfAbsent(id, entry) == null) {
        byAge.add(entry);
        byDeadline.add(entry);
        changed = true;
      }
    }

    void remove(String key, String cancelId) {
      Entry entry = byId.remove(id(key, cancelId));
      if (entry != null) {
        byAge.remove(entry);
        byDeadline.remove(entry);
        changed = true;
      }
    }

    void publish() {
      if (changed) {
        changed = false;
        view =
            byAge.isEmpty()
                ? View.NONE
                : new View(byId.size(), byAge.first().receivedAt(), byDeadline.first().deadline());
      }
    }

    private static String id(String key, String cancelId) {
      return key + '\u0000' + cancelId;
    }
  }
}
