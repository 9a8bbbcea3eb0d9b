package io.countermand.domain.mass;

import io.countermand.domain.order.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A producer's word that it lives. It arms the dead-man's switch of its name; the last one counts
 * wholly, scope and time-out, too.
 *
 * @param timeout if no word comes for so long, the scope is cancelled; zero: the switch is off
 * @param includingPositionClose also at venues whose cancel closes the position
 * @param createdAt by the producer's clock; nothing is decided by it
 */
public record Heartbeat(
    String switchId,
    MassScope scope,
    Duration timeout,
    String by,
    String reason,
    boolean includingPositionClose,
    Instant createdAt) {

  /** Shorter, and a broker that goes over to another leader is taken for silence. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  public static final Duration LONGEST = Duration.ofHours(24);

  private static final int LONGEST_ID = 64;

  /** Whether it takes the switch off, gracefully: what is open stays open. */
  public boolean off() {
    return timeout.isZero();
  }

  /**
   * What is wrong with it, in words; empty: nothing. One that is wrong arms nothing, and is no sign
   * of life. Who takes a switch off need not say of which scope.
   */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    String id = Facts.wrong("switchId", switchId, LONGEST_ID);
    if (id != null) {
      problems.add(id);
    }
    String who = Facts.wrong("by", by, Facts.LONGEST_ID);
    if (who != null) {
      problems.add(who);
    }
    if (off()) {
      return problems;
    }
    problems.addAll(scope.problems());
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      problems.add(
          "the time-out is "
              + timeout.toMillis()
              + " ms; 1000 (a second) to 86400000 (a day) are allowed, and 0 takes the switch off");
    }
    return problems;
  }

  /** With texts of a length that can be written on; those that are allowed stay as they are. */
  Heartbeat cut() {
    return new Heartbeat(
        switchId, scope.cut(), timeout, by, Facts.cut(reason), includingPositionClose, createdAt);
  }
}
