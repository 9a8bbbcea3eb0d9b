package io.countermand.console;

import io.countermand.client.ClientException;
import io.countermand.client.OrderStates;
import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.KeptCancels;
import io.countermand.console.kept.LastOutcomes;
import io.countermand.console.kept.VenuePauses;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The venues as far as the topics tell of them.
 *
 * @param at when it was looked at
 * @param venues those that are paused first, then by name
 * @param others so many more are named
 * @param unreadable in words, where a record of venue-pauses cannot be read
 * @param gone whether a pause that may hold is not kept
 */
public record VenuesView(
    Instant at, List<Venue> venues, int others, List<String> unreadable, boolean gone) {

  private static final int MOST = 100;

  /**
   * What is known of one.
   *
   * @param pauses that hold now, the longest first
   * @param open cancels without an outcome, of those that are kept here
   * @param oldest of them; null: none is open
   * @param last its last outcome; null: none is known here
   * @param word when the last order event was observed that told something new; null: none is known
   * @param wordUnread whether that cannot be told now
   */
  public record Venue(
      String name,
      List<VenuePauses.Held> pauses,
      long open,
      @Nullable CancelLife oldest,
      LastOutcomes.@Nullable Last last,
      @Nullable Instant word,
      boolean wordUnread) {}

  /** What it looks at. */
  record Sources(
      KeptCancels cancels, LastOutcomes outcomes, VenuePauses pauses, OrderStates orders) {}

  private record Open(long count, CancelLife oldest) {}

  static VenuesView of(Sources from, Instant now) {
    Map<String, Open> open = new HashMap<>();
    for (CancelLife life : from.cancels().open()) {
      open.merge(
          life.venue(),
          new Open(1, life),
          (known, one) -> new Open(known.count() + 1, known.oldest()));
    }
    Map<String, List<VenuePauses.Held>> pauses = from.pauses().inForce(now);
    Map<String, LastOutcomes.Last> lasts = from.outcomes().all();
    var rest = new TreeSet<>(from.orders().venues());
    rest.addAll(lasts.keySet());
    rest.addAll(open.keySet());
    rest.removeAll(pauses.keySet());
    List<String> names = new ArrayList<>(pauses.keySet());
    names.addAll(rest);
    List<Venue> venues = new ArrayList<>();
    for (String name : names.subList(0, Math.min(MOST, names.size()))) {
      Open its = open.get(name);
      Optional<Instant> word = Optional.empty();
      boolean unread = false;
      try {
        word = from.orders().lastWord(name);
      } catch (ClientException e) {
        unread = true; // the registry is away: the page says so
      }
      venues.add(
          new Venue(
              name,
              pauses.getOrDefault(name, List.of()),
              its == null ? 0 : its.count(),
              its == null ? null : its.oldest(),
              lasts.get(name),
              word.orElse(null),
              unread));
    }
    return new VenuesView(
        now,
        venues,
        names.size() - venues.size(),
        from.pauses().unreadable(),
        from.pauses().gone());
  }
}
