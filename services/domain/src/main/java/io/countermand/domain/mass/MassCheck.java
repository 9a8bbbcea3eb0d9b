package io.countermand.domain.mass;

import io.countermand.domain.order.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a mass cancel makes sense, and its deadline in force. It is taken wholly or refused
 * wholly. Its texts are cut in either case: they are written on, to every partition and in each
 * report, and once compressed it may have come in bigger than it may go out.
 *
 * @param longestDeadline of single cancels, too: a later one is cut to this, counted from the
 *     append time
 */
public record MassCheck(Duration longestDeadline) {

  /** For one that names no deadline: hundreds of orders at a venue's own rate take minutes. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(5);

  /** With the order's hash behind it, it is a cancelId. */
  static final int LONGEST_ID = 64;

  /** What came of the check. */
  public sealed interface Checked {}

  /** With its deadline in force. */
  public record Taken(MassCancel mass, Instant deadline) implements Checked {}

  /** Nothing is cancelled. */
  public record Refused(MassCancel mass, String text) implements Checked {}

  /** Cannot be answered, since nobody can name it. */
  public record Unanswerable(String text) implements Checked {}

  public Checked check(MassCancel mass, Instant receivedAt) {
    String id = Facts.wrong("massId", mass.massId(), LONGEST_ID);
    if (id != null) {
      return new Unanswerable(id);
    }
    String releases = mass.releases();
    List<String> problems =
        new ArrayList<>(releases == null ? mass.scope().problems() : List.<String>of());
    if (releases != null) {
      add(problems, Facts.wrong("releases", releases, LONGEST_ID));
    }
    if (mass.keep() && (mass.dryRun() || releases != null)) {
      problems.add("keep: one that only counts, or releases another, does not stay on");
    }
    add(problems, Facts.wrong("by", mass.by(), Facts.LONGEST_ID));
    if (mass.reason().isBlank()) {
      problems.add("reason: say why");
    }
    add(problems, Facts.wrong("deadline", mass.deadline()));
    add(problems, Facts.wrong("createdAt", mass.createdAt()));
    Instant asked = mass.deadline();
    Instant latest = receivedAt.plus(longestDeadline);
    Instant usual = receivedAt.plus(DEFAULT_DEADLINE);
    Instant deadline = asked != null && Facts.canBe(asked) ? asked : usual;
    Instant inForce = deadline.isAfter(latest) ? latest : deadline;
    if (!receivedAt.isBefore(inForce)) {
      problems.add("the deadline " + inForce + " had passed at " + receivedAt);
    }
    MassCancel taken = mass.cut().until(inForce);
    return problems.isEmpty()
        ? new Taken(taken, inForce)
        : new Refused(taken, String.join("; ", problems));
  }

  private static void add(List<String> problems, @Nullable String problem) {
    if (problem != null) {
      problems.add(problem);
    }
  }
}
