package io.countermand.kafka.deadletter;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long the schema ids of parked records are waited for. The time of each counts from the first
 * answer that the registry gave, to whatever question, after the id was seen: all at once, so that
 * thousands take no longer than one. As many as are parked, and some that were given up lately.
 */
final class UnknownIds {

  /** A registry with followers may not be in step with the one that gave the id. */
  static final Duration DENIED_FOR = Duration.ofSeconds(15);

  /** So much longer, and what follows waits no more for what the registry was not asked yet. */
  static final Duration PASSED_AFTER = DENIED_FOR.plusSeconds(5);

  /** What comes with an id that was given up is given up at once, if the registry denies it. */
  private static final Duration GIVEN_UP_FOR = Duration.ofMinutes(1);

  private static final Duration LATELY = Duration.ofSeconds(5);
  private static final int MOST_GIVEN_UP = 10_000;

  private final Map<Integer, Id> ids = new HashMap<>();
  private final LinkedHashMap<Integer, Instant> givenUp = new LinkedHashMap<>();
  private Instant answeredAt = Instant.MIN;

  private static final class Id {
    final Instant seen;
    int parked;
    @Nullable Instant since;
    boolean denied;

    Id(Instant seen) {
      this.seen = seen;
    }
  }

  void parked(int id, Instant now) {
    ids.computeIfAbsent(id, _ -> new Id(now)).parked++;
  }

  void left(int id) {
    ids.computeIfPresent(id, (_, known) -> --known.parked == 0 ? null : known);
  }

  boolean waits(int id) {
    return ids.containsKey(id);
  }

  /** The registry has answered somebody, last at that time. */
  void answered(Instant at, Instant now) {
    answeredAt = at;
    for (Id id : ids.values()) {
      if (id.since == null && !at.isBefore(id.seen)) {
        id.since = now;
      }
    }
  }

  void denied(int id) {
    Id known = ids.get(id);
    if (known != null) {
      known.denied = true;
    }
  }

  /** Whether it was denied at all. */
  boolean wasDenied(int id) {
    Id known = ids.get(id);
    return known != null && known.denied;
  }

  /** Whether an id that the registry denies now is poison. */
  boolean over(int id, Instant now) {
    Instant until = givenUp.get(id);
    return id < 0 || (until != null && now.isBefore(until)) || since(id, DENIED_FOR, now);
  }

  /** Whether it is over for so long that others need not wait for the question. */
  boolean passed(int id, Instant now) {
    return since(id, PASSED_AFTER, now) && !answeredAt.isBefore(now.minus(LATELY));
  }

  void givenUp(int id, Instant now) {
    givenUp.putLast(id, now.plus(GIVEN_UP_FOR));
    if (givenUp.size() > MOST_GIVEN_UP) {
      givenUp.pollFirstEntry();
    }
  }

  private boolean since(int id, Duration time, Instant now) {
    Id known = ids.get(id);
    return known != null && known.since != null && !now.isBefore(known.since.plus(time));
  }
}
