package io.countermand.audit.report;

import io.countermand.audit.check.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What an audit found.
 *
 * @param source what was read, in words
 * @param letters dead letters read
 */
public record AuditResult(
    String source,
    Instant from,
    Instant to,
    Instant begun,
    Duration took,
    long records,
    long bytes,
    long letters,
    Findings findings) {

  public long differences() {
    return findings.kinds.values().stream().mapToLong(Long::longValue).sum();
  }

  long gaps() {
    return findings.gaps.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Of how many the verdict is: a young cancel may get its outcome yet. */
  public String judged() {
    long all = findings.counts.getOrDefault(Findings.Count.INTENTS, 0L);
    long judged = findings.counts.getOrDefault(Findings.Count.JUDGED, 0L);
    return judged == all
        ? String.format(Locale.ROOT, "%,d intents judged", all)
        : String.format(
            Locale.ROOT,
            "%,d of %,d intents judged, the others are too young (deadline, grace and 60 s were not"
                + " over)",
            judged,
            all);
  }

  /**
   * 0: all holds; 3: no difference, but not all could be checked; 4: there are differences. 1 is
   * left to an audit that failed.
   */
  public int exitCode() {
    return differences() > 0 ? 4 : gaps() > 0 ? 3 : 0;
  }
}
