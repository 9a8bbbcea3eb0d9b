package io.countermand.app.admin;

import io.countermand.domain.Attempt;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.FindingKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each venue's word was worth: of the cancels that it took, how many were confirmed, how, and
 * how long after its reply. Out of outcomes and findings alone. Of a fixed size for each venue,
 * however many there are of these. One thread.
 */
final class VenueMeasure {

  /** Names are the producers'; a configuration has no more. */
  private static final int MOST_VENUES = 1_000;

  private final Map<String, Counts> venues = new TreeMap<>();

  private static final class Counts {
    long inReply;
    long byEvent;
    long byStatus;
    long unconfirmed;
    long later;
    long otherwise;
    final Delays delays = new Delays();

    long taken() {
      return inReply + byEvent + byStatus + unconfirmed + otherwise;
    }
  }

  /** Those that joined another's calls tell nothing of their own. */
  void add(Outcome outcome) {
    Instant taken = taken(outcome);
    Counts counts =
        outcome.joinedTo() != null || taken == null ? null : of(outcome.cancel().order().venue());
    if (counts == null || taken == null) {
      return;
    }
    boolean canceled = outcome.result() == CancelResult.CANCELED;
    if (canceled && outcome.reason() == Reason.CONFIRMED_BY_VENUE) {
      counts.inReply++;
    } else if (canceled) {
      if (outcome.reason() == Reason.CONFIRMED_BY_STATUS) {
        counts.byStatus++;
      } else {
        counts.byEvent++;
      }
      counts.delays.add(Duration.between(taken, outcome.decidedAt()));
    } else if (outcome.result() == CancelResult.REJECTED) {
      counts.otherwise++;
    } else {
      counts.unconfirmed++;
    }
  }

  /**
   * A cancel of which nobody knew, and somebody knows now.
   *
   * @param since of outcomes before it nothing is counted; null: of all
   */
  void add(Finding finding, @Nullable Instant since) {
    Counts counts = venues.get(finding.cancel().order().venue());
    if (counts != null
        && finding.kind() == FindingKind.RESOLVED
        && finding.result() == CancelResult.PENDING
        && (since == null || !finding.decidedAt().isBefore(since))) {
      counts.later++;
    }
  }

  private @Nullable Counts of(String venue) {
    return venues.containsKey(venue) || venues.size() < MOST_VENUES
        ? venues.computeIfAbsent(venue, _ -> new Counts())
        : null;
  }

  /** When the venue first said that it took the cancel, or that the order is cancelled. */
  private static @Nullable Instant taken(Outcome outcome) {
    Instant first = null;
    for (Attempt attempt : outcome.attempts()) {
      boolean took =
          attempt.kind() == RequestKind.CANCEL
              && (attempt.reply() == ReplyKind.ACCEPTED || attempt.reply() == ReplyKind.CANCELED);
      Instant at = attempt.repliedAt();
      if (took && at != null && (first == null || at.isBefore(first))) {
        first = at;
      }
    }
    return first;
  }

  /** A table; one line that says so if there is nothing to count. */
  List<String> lines() {
    if (venues.isEmpty()) {
      return List.of("no venue took a cancel");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        row(
            "venue",
            "taken",
            "confirmed",
            "in reply",
            "by event",
            "by query",
            "not in time",
            "known later",
            "otherwise",
            "p50 ms",
            "p99 ms",
            "max ms"));
    venues.forEach(
        (venue, counts) -> {
          long confirmed = counts.inReply + counts.byEvent + counts.byStatus;
          lines.add(
              row(
                  venue,
                  counts.taken(),
                  String.format(Locale.ROOT, "%.1f%%", 100.0 * confirmed / counts.taken()),
                  counts.inReply,
                  counts.byEvent,
                  counts.byStatus,
                  counts.unconfirmed,
                  counts.later,
                  counts.otherwise,
                  counts.delays.shown(0.5),
                  counts.delays.shown(0.99),
                  counts.delays.shown(1)));
        });
    return lines;
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-20s %9s %9s %9s %9s %9s %11s %11s %9s %9s %9s %9s", cells);
  }

  /** Delays in classes of 5%, from a millisecond to a month. */
  private static final class Delays {

    private static final double STEP = Math.log(1.05);

    private final long[] classes = new long[450];
    private long all;
    private long most;

    /** Clocks differ: what was confirmed before the reply, was at once. */
    void add(Duration delay) {
      long millis = Math.max(0, delay.toMillis());
      int at = millis < 1 ? 0 : 1 + (int) (Math.log((double) millis) / STEP);
      classes[Math.min(at, classes.length - 1)]++;
      all++;
      most = Math.max(most, millis);
    }

    /** In milliseconds, at most 5% too much; a hyphen: there is none. */
    String shown(double share) {
      if (all == 0) {
        return "-";
      }
      long rank = Math.max(1, (long) Math.ceil(share * all));
      long seen = 0;
      for (int i = 0; i < classes.length; i++) {
        seen += classes[i];
        if (seen >= rank && i < classes.length - 1) {
          return Long.toString(Math.min(most, i == 0 ? 0 : (long) Math.ceil(Math.exp(i * STEP))));
        }
      }
      return Long.toString(most);
    }
  }
}
