package io.countermand.audit.report;

import io.countermand.audit.check.Findings;
import java.time.Duration;
import java.time.Instant;

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

  /**
   * 0: all holds; 3: no difference, but not all could be checked; 4: there are differences. 1 is
   * left to an audit that failed.
   */
  public int exitCode() {
    return differences() > 0 ? 4 : gaps() > 0 ? 3 : 0;
  }
}
