package io.countermand.domain.decision;

import java.time.Duration;

/**
 * How patient the ledger is with one venue.
 *
 * @param canQuery whether the venue can be asked for an order's status
 * @param answerTimeout after this a started attempt counts as unanswered (more than the desk's own
 *     call time-out)
 * @param confirmWithin how long an accepted cancel waits for its confirmation
 * @param queryEvery pause between status queries
 * @param cancelTries cancels sent while their answers are ambiguous, before the status is asked
 *     for; when the queries are used up, too, cancels follow until the deadline
 * @param statusTries status queries in all
 * @param mostAsks requests, of either kind, until it goes on more slowly; never not at all, while
 *     there is time
 * @param firstBackoff pause before the first retry; doubles, with jitter from the cancelId
 * @param longestBackoff upper bound of that pause
 */
public record VenueRules(
    boolean canQuery,
    Duration answerTimeout,
    Duration confirmWithin,
    Duration queryEvery,
    int cancelTries,
    int statusTries,
    int mostAsks,
    Duration firstBackoff,
    Duration longestBackoff) {

  public static final VenueRules DEFAULT =
      new VenueRules(
          false,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          3,
          8,
          40,
          Duration.ofMillis(200),
          Duration.ofSeconds(5));

  private static final Duration SLOWEST = Duration.ofSeconds(30);

  /**
   * Pause once {@link #mostAsks} is used up: six times the longest, at most 30 s if that is less.
   */
  public Duration slowBackoff() {
    Duration six = longestBackoff.multipliedBy(6);
    Duration slow = six.compareTo(SLOWEST) < 0 ? six : SLOWEST;
    return slow.compareTo(longestBackoff) < 0 ? longestBackoff : slow;
  }

  /** Pause before retry {@code n} (from 1): doubling, cut at the longest, plus or minus 20%. */
  public Duration backoff(String cancelId, int n) {
    long base =
        Math.min(longestBackoff.toMillis(), firstBackoff.toMillis() << Math.clamp(n - 1, 0, 16));
    long spread = Math.max(1, base * 2 / 5);
    long hash = (cancelId.hashCode() * 0x9E3779B97F4A7C15L + n) * 0xBF58476D1CE4E5B9L;
    return Duration.ofMillis(base - spread / 2 + Long.remainderUnsigned(hash >>> 17, spread));
  }
}
