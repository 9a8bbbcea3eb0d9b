package io.countermand.console.kept;

import io.countermand.console.kept.CompactedTopic.Entry;
import io.countermand.events.PauseCause;
import io.countermand.events.VenuePause;
import io.countermand.events.serde.Decoded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The venues' pauses, folded as a desk folds them that reads the topic: what a venue says to a
 * credential only grows, and an operator's word replaces what was known of the venue that it names.
 * Bounded; those that are over go first. Thread-safe.
 */
public final class VenuePauses {

  private static final int MOST = 500;
  private static final long MOST_BYTES = 4 << 20;

  private final int most;

  /** By the venue of the key, then by the credential; that of an operator's word is empty. */
  private final Map<String, Map<String, VenuePause>> told = new LinkedHashMap<>();

  private final Unreadable unreadable = new Unreadable();
  private int count;
  private long bytes;
  private boolean gone;

  public VenuePauses() {
    this(MOST);
  }

  VenuePauses(int most) {
    this.most = most;
  }

  /**
   * One that holds.
   *
   * @param credential its fingerprint: the pause holds for every venue of it, whatever its name
   *     here; empty: an operator's word, which holds for every venue that shares the credential
   */
  public record Held(String credential, VenuePause pause) {

    /** Nobody but an operator ends it. */
    public boolean untilResumed() {
      return !pause.getUntil().isBefore(UNTIL_RESUMED);
    }
  }

  private static final Instant UNTIL_RESUMED = Instant.parse("9999-01-01T00:00:00Z");

  public synchronized void take(Entry<VenuePause> entry) {
    if (unreadable.take(entry)
        || !(entry.value() instanceof Decoded.Ok<VenuePause>(VenuePause pause))
        || entry.key().isEmpty()) {
      return;
    }
    int slash = entry.key().indexOf('/');
    String venue = slash < 0 ? entry.key() : entry.key().substring(0, slash);
    String credential = slash < 0 ? "" : entry.key().substring(slash + 1);
    if (operators(pause)) {
      lift(venue);
      if (pause.getUntil().isAfter(pause.getAt())) {
        put(venue, credential, pause);
      }
    } else {
      VenuePause known = told.getOrDefault(venue, Map.of()).get(credential);
      if (known == null || known.getUntil().isBefore(pause.getUntil())) {
        put(venue, credential, pause);
      }
    }
    if (tooMuch()) {
      dropWhatIsOver(Instant.now());
    }
    while (tooMuch() && count > 1) {
      lift(told.keySet().iterator().next());
      gone = true;
    }
  }

  /** A cause that this build does not know is taken for an operator's, as desks do. */
  private static boolean operators(VenuePause pause) {
    return pause.getCause() == PauseCause.OPERATOR || pause.getCause() == PauseCause.OTHER;
  }

  private boolean tooMuch() {
    return count > most || bytes > MOST_BYTES;
  }

  private void put(String venue, String credential, VenuePause pause) {
    VenuePause before =
        told.computeIfAbsent(venue, _ -> new LinkedHashMap<>()).put(credential, pause);
    count += before == null ? 1 : 0;
    bytes += RecordSize.of(pause) - RecordSize.of(before);
  }

  private void lift(String venue) {
    Map<String, VenuePause> lifted = told.remove(venue);
    if (lifted != null) {
      count -= lifted.size();
      lifted.values().forEach(each -> bytes -= RecordSize.of(each));
    }
  }

  private void dropWhatIsOver(Instant now) {
    for (String venue : List.copyOf(told.keySet())) {
      Map<String, VenuePause> left = new LinkedHashMap<>(told.get(venue));
      left.values().removeIf(each -> !each.getUntil().isAfter(now));
      lift(venue);
      left.forEach((credential, pause) -> put(venue, credential, pause));
    }
  }

  /** By venue; of each the longest first. */
  public synchronized Map<String, List<Held>> inForce(Instant now) {
    Map<String, List<Held>> held = new TreeMap<>();
    told.forEach(
        (venue, pauses) -> {
          List<Held> these = new ArrayList<>();
          pauses.forEach(
              (credential, pause) -> {
                if (pause.getUntil().isAfter(now)) {
                  these.add(new Held(credential, pause));
                }
              });
          these.sort(Comparator.comparing((Held each) -> each.pause().getUntil()).reversed());
          if (!these.isEmpty()) {
            held.put(venue, these);
          }
        });
    return held;
  }

  /** In words: where the newest record under a key cannot be read. */
  public synchronized List<String> unreadable() {
    return unreadable.texts();
  }

  /** Whether one that may hold is not kept. */
  public synchronized boolean gone() {
    return gone;
  }
}
