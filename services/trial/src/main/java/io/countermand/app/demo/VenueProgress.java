package io.countermand.app.demo;

import io.countermand.domain.Attempt;
import io.countermand.domain.Outcome;
import io.countermand.kafka.client.OutcomeReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happens now, by venue: sent, answered, refused early, and how long intents took to the venue
 * in the last seconds. Thread-safe.
 */
final class VenueProgress {

  /** Percentiles are of so long. */
  static final Duration LAST = Duration.ofSeconds(5);

  private final Map<String, Row> rows = new TreeMap<>();

  private record Took(Instant at, double millis) {}

  private static final class Row {
    private long sent;
    private long answered;
    private long early;
    private final Deque<Took> took = new ArrayDeque<>();

    double percentile(double percent) {
      double[] all = took.stream().mapToDouble(Took::millis).sorted().toArray();
      return all.length == 0
          ? Double.NaN
          : all[Math.max(0, (int) Math.ceil(percent / 100 * all.length) - 1)];
    }
  }

  private Row row(String venue) {
    return rows.computeIfAbsent(venue, name -> new Row());
  }

  synchronized void sent(String venue) {
    row(venue).sent++;
  }

  /** The first outcome of a cancel; when it was read counts as now. */
  synchronized void answered(OutcomeReader.Read read) {
    Outcome outcome = read.outcome();
    Row row = row(outcome.cancel().order().venue());
    row.answered++;
    if (DemoReport.refusedEarly(outcome)) {
      row.early++;
    }
    Attempt first = outcome.attempts().isEmpty() ? null : outcome.attempts().getFirst();
    Instant sentAt = first == null || outcome.joinedTo() != null ? null : first.sentAt();
    if (sentAt != null) {
      Duration took = Duration.between(outcome.cancel().createdAt(), sentAt);
      row.took.add(new Took(read.readAt(), took.toNanos() / 1e6));
    }
  }

  /**
   * The first line says all in one; a table follows.
   *
   * @param total how many intents there will be
   */
  synchronized List<String> draw(long total, Instant now) {
    var all = new Row();
    for (Row row : rows.values()) {
      row.took.removeIf(took -> took.at().isBefore(now.minus(LAST)));
      all.sent += row.sent;
      all.answered += row.answered;
      all.early += row.early;
      all.took.addAll(row.took);
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d of %,d intents sent, %,d answered, %,d refused early; to the venue, last %d s: %s",
            all.sent,
            total,
            all.answered,
            all.early,
            LAST.toSeconds(),
            percentiles(all, "p50 %.0f ms, p99 %.0f ms")));
    lines.add(
        String.format(
            Locale.ROOT,
            "%-20s %8s %9s %14s %18s",
            "venue",
            "sent",
            "answered",
            "refused early",
            "p50 / p99 (ms)"));
    rows.forEach(
        (venue, row) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%-20s %8d %9d %14d %18s",
                    venue,
                    row.sent,
                    row.answered,
                    row.early,
                    percentiles(row, "%.0f / %.0f"))));
    return lines;
  }

  private static String percentiles(Row row, String format) {
    return row.took.isEmpty()
        ? "-"
        : String.format(Locale.ROOT, format, row.percentile(50), row.percentile(99));
  }
}
