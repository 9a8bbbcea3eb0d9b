package io.countermand.audit;

import java.time.Duration;
import java.time.Instant;

/**
 * What an audit found.
 *
 * @param source what was read, in words
 * @param letters dead letters read
 */
record Result(
    String source,
    Instant from,
    Instant to,
    Instant begun,
    Duration took,
    long records,
    long bytes,
    long letters,
    Findings findings) {

  long differences() {
    return findings.kinds.values().stream().mapToLong(Long::longValue).sum();
  }

  long gaps() {
    return findings.gaps.values().stream().mapToLong(Long::longValue).sum();
  }

  /** 0: all holds; 1: there are differences; 3: none, but not all could be checked. */
  int exitCode() {
    return differences() > 0 ? 1 : gaps() > 0 ? 3 : 0;
  }
}
