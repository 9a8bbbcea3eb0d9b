package io.countermand.console.actions;

import io.countermand.console.access.SignedInUser;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who counted which scope, by person: two people at an issuer may have one name. And which counts
 * were proposed to a second person: each is proposed once. The newest, and in this console alone:
 * after a restart everybody counts anew. Thread-safe.
 */
public final class Counters {

  /** An older number says nothing. */
  public static final Duration HOLDS = Duration.ofMinutes(5);

  private static final int MOST = 1_000;
  private static final int MOST_OF_ONE = 100;

  private final Map<String, Counted> counts = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  /**
   * One of them.
   *
   * @param again what was proposed, and was counted again by whoever may confirm it; empty: none
   */
  private record Counted(String person, String again) {}

  public void add(String count, SignedInUser who) {
    add(count, who, "");
  }

  /**
   * @param again the id of what another proposed, which is counted again
   */
  public synchronized void add(String count, SignedInUser who, String again) {
    counts.put(count, new Counted(who.person(), again));
    List<String> own =
        counts.entrySet().stream()
            .filter(each -> each.getValue().person().equals(who.person()))
            .map(Map.Entry::getKey)
            .toList();
    if (own.size() > MOST_OF_ONE) {
      forget(own.getFirst());
    }
    if (counts.size() > MOST) {
      forget(counts.keySet().iterator().next());
    }
  }

  private void forget(String count) {
    counts.remove(count);
    used.remove(count);
  }

  /** Whether it was he, under whatever name. */
  public synchronized boolean counted(String count, SignedInUser who) {
    Counted known = counts.get(count);
    return known != null && known.person().equals(who.person());
  }

  /** The id of the proposal that was counted again; empty: none was. */
  public synchronized String again(String count) {
    Counted known = counts.get(count);
    return known == null ? "" : known.again();
  }

  /** Uses a count up; for the first who asks alone. */
  public synchronized boolean use(String count) {
    return counts.containsKey(count) && used.add(count);
  }

  /** Nothing was proposed after all. */
  public synchronized void giveBack(String count) {
    used.remove(count);
  }
}
