package io.countermand.console.kept;

import io.countermand.events.Attempt;
import io.countermand.events.Cancel;
import io.countermand.events.CancelOutcome;
import io.countermand.events.RequestKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How many cancels came, and how long they took, for a day, whatever the store keeps of them:
 * minute by minute, and of the last ten minutes in slots of ten seconds. Thread-safe.
 */
public final class CancelRates {

  /** Names come from records: more are counted as one. */
  private static final int MOST_VENUES = 30;

  private static final String OTHERS = "(others)";

  private final Slots fine = new Slots(10, 61);
  private final Slots coarse = new Slots(60, 1_441);
  private final java.util.Set<String> names = new java.util.HashSet<>();

  /** What happened within a slot, or several. Not thread-safe. */
  public static final class Counts {
    public long intents;
    public final Map<String, Venue> venues = new TreeMap<>();

    Venue venue(String name) {
      return venues.computeIfAbsent(name, _ -> new Venue());
    }

    public void add(Counts other) {
      intents += other.intents;
      other.venues.forEach((name, venue) -> venue(name).add(venue));
    }
  }

  /** One venue's share. */
  public static final class Venue {
    public long intents;
    public long outcomes;
    public final DurationHistogram toVenue = new DurationHistogram();
    public final DurationHistogram toOutcome = new DurationHistogram();

    public void add(Venue other) {
      intents += other.intents;
      outcomes += other.outcomes;
      toVenue.add(other.toVenue);
      toOutcome.add(other.toOutcome);
    }
  }

  private static final class Slots {
    final int seconds;
    final int most;
    final TreeMap<Long, Counts> slots = new TreeMap<>();

    Slots(int seconds, int most) {
      this.seconds = seconds;
      this.most = most;
    }

    Counts at(Instant time) {
      long slot = Math.floorDiv(time.getEpochSecond(), seconds);
      while (!slots.isEmpty() && slots.firstKey() < slots.lastKey() - most) {
        slots.pollFirstEntry();
      }
      if (!slots.isEmpty() && slot < slots.lastKey() - most) {
        return new Counts(); // too old to be shown
      }
      return slots.computeIfAbsent(slot, _ -> new Counts());
    }
  }

  synchronized void intent(Instant time, String venue) {
    if (time.isAfter(Instant.now().plusSeconds(60))) {
      return; // a time that cannot be would push out all others
    }
    String name = known(venue);
    for (Slots each : new Slots[] {fine, coarse}) {
      Counts counts = each.at(time);
      counts.intents++;
      counts.venue(name).intents++;
    }
  }

  synchronized void outcome(CancelOutcome outcome) {
    Cancel cancel = outcome.getCancel();
    Instant time = outcome.getDecidedAt();
    if (time.isAfter(Instant.now().plusSeconds(60))) {
      return;
    }
    String name = known(cancel.getVenue());
    Optional<Instant> sent =
        outcome.getAttempts().stream()
            .filter(attempt -> attempt.getKind() == RequestKind.CANCEL)
            .map(Attempt::getSentAt)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder());
    for (Slots each : new Slots[] {fine, coarse}) {
      Venue venue = each.at(time).venue(name);
      venue.outcomes++;
      venue.toOutcome.add(Duration.between(cancel.getReceivedAt(), time));
      sent.ifPresent(at -> venue.toVenue.add(Duration.between(cancel.getReceivedAt(), at)));
    }
  }

  private String known(String venue) {
    if (!names.contains(venue) && names.size() >= MOST_VENUES) {
      return OTHERS;
    }
    names.add(venue);
    return venue;
  }

  /**
   * The last bars of so many seconds each, the oldest first; the last one is not over yet.
   *
   * @param barSeconds a multiple of 10 within ten minutes, else of 60
   */
  public synchronized Counts[] bars(Instant now, int bars, int barSeconds) {
    Slots slots = bars * barSeconds <= 600 ? fine : coarse;
    long last = Math.floorDiv(now.getEpochSecond(), barSeconds);
    var counts = new Counts[bars];
    for (int i = 0; i < bars; i++) {
      counts[i] = new Counts();
    }
    slots.slots.forEach(
        (slot, count) -> {
          long bar = Math.floorDiv(slot * slots.seconds, barSeconds) - (last - bars + 1);
          if (bar >= 0 && bar < bars) {
            counts[(int) bar].add(count);
          }
        });
    return counts;
  }
}
