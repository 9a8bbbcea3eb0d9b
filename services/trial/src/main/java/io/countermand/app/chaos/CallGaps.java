package io.countermand.app.chaos;

import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.journal.JournalCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How steadily the venues were called, by the simulator's journal.
 *
 * @param longestMs between one cancel call and the next, at whatever venue
 * @param longestAt when that gap began, UTC; empty if there were no two calls
 * @param longestMsByVenue the same at each venue
 * @param toVenueP50Ms from a cancel of an open order being published to its first call
 */
public record CallGaps(
    long longestMs,
    String longestAt,
    Map<String, Long> longestMsByVenue,
    double toVenueP50Ms,
    double toVenueP99Ms,
    double toVenueLongestMs) {

  static CallGaps of(Reconciliation books) {
    List<Instant> all = new ArrayList<>();
    Map<String, List<Instant>> byVenue = new TreeMap<>();
    Map<OrderRef, Instant> first = new HashMap<>();
    for (JournalCall call : books.cancels()) {
      var received = call.received();
      all.add(received.at());
      byVenue.computeIfAbsent(received.venue(), venue -> new ArrayList<>()).add(received.at());
      if (received.account() != null && received.orderId() != null) {
        first.merge(
            new OrderRef(received.venue(), received.account(), received.orderId()),
            received.at(),
            (a, b) -> a.isBefore(b) ? a : b);
      }
    }
    Map<String, Long> longest = new TreeMap<>();
    byVenue.forEach((venue, times) -> longest.put(venue, Gap.longest(times).millis()));
    Gap gap = Gap.longest(all);
    List<Double> waits = waits(books, first);
    return new CallGaps(
        gap.millis(),
        gap.from().equals(Instant.EPOCH) ? "" : gap.from().toString(),
        longest,
        percentile(waits, 0.50),
        percentile(waits, 0.99),
        percentile(waits, 1));
  }

  private static List<Double> waits(Reconciliation books, Map<OrderRef, Instant> first) {
    List<Double> waits = new ArrayList<>();
    for (OrderPlayer.Sent sent : books.intents().values()) {
      Instant called = first.get(sent.intent().order());
      if (sent.kind() == OrderScript.Kind.OPEN && called != null) {
        waits.add(Duration.between(sent.at(), called).toNanos() / 1e6);
      }
    }
    waits.sort(null);
    return waits;
  }

  private static double percentile(List<Double> sorted, double part) {
    return sorted.isEmpty()
        ? 0
        : sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * part)));
  }

  /** Two calls with none between. */
  private record Gap(Instant from, long millis) {

    static Gap longest(List<Instant> times) {
      List<Instant> sorted = times.stream().sorted().toList();
      Gap longest = new Gap(Instant.EPOCH, 0);
      for (int i = 1; i < sorted.size(); i++) {
        Instant from = sorted.get(i - 1);
        long millis = Duration.between(from, sorted.get(i)).toMillis();
        if (millis > longest.millis()) {
          longest = new Gap(from, millis);
        }
      }
      return longest;
    }
  }
}
