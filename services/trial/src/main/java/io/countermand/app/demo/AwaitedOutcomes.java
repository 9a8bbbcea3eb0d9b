package io.countermand.app.demo;

import io.countermand.domain.Intent;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which cancels wait for their outcome, and until when one can come: deadline, grace and the
 * outcome's way. What is late after that is missing. Thread-safe.
 */
final class AwaitedOutcomes {

  private final Duration within;
  private final Map<String, Wait> waits = new ConcurrentHashMap<>();

  /**
   * @param latest no outcome comes after this
   */
  record Wait(String cancelId, String venue, Instant latest) {}

  /**
   * @param within from publishing an intent that names no deadline until its outcome must be there
   */
  AwaitedOutcomes(Duration within) {
    this.within = within;
  }

  void published(Intent intent, Instant at) {
    Instant deadline = intent.deadline();
    // One whose deadline has passed is answered at once; on a slow machine that takes a while, too.
    Instant latest = (deadline == null || deadline.isBefore(at) ? at : deadline).plus(within);
    waits.put(intent.cancelId(), new Wait(intent.cancelId(), intent.order().venue(), latest));
  }

  /** What has no outcome and can have none any more. */
  List<Wait> missing(Predicate<String> answered, Instant now) {
    return waits.values().stream()
        .filter(wait -> now.isAfter(wait.latest()) && !answered.test(wait.cancelId()))
        .sorted(Comparator.comparing(Wait::cancelId))
        .toList();
  }

  /** What has no outcome and may have one yet. */
  List<Wait> open(Predicate<String> answered, Instant now) {
    return waits.values().stream()
        .filter(wait -> !now.isAfter(wait.latest()) && !answered.test(wait.cancelId()))
        .toList();
  }

  /** How many wait, at which venues, and until when at most; null: none does. */
  static @Nullable String words(List<Wait> open, Instant now) {
    if (open.isEmpty()) {
      return null;
    }
    Map<String, Long> byVenue =
        open.stream()
            .collect(Collectors.groupingBy(Wait::venue, TreeMap::new, Collectors.counting()));
    Instant latest = open.stream().map(Wait::latest).max(Instant::compareTo).orElse(now);
    return "waiting for %d outcome%s (%s), for %d s at most"
        .formatted(
            open.size(),
            open.size() == 1 ? "" : "s",
            byVenue.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", ")),
            Math.max(1, Duration.between(now, latest).toSeconds() + 1));
  }
}
