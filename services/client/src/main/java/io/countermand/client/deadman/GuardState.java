package io.countermand.client.deadman;

/** Where a dead-man's switch stands, as far as this program knows. */
public enum GuardState {
  /** A heartbeat was written less than half of the time-out ago. */
  BEATING,
  /** The health check says no, or throws: no heartbeat is sent. */
  UNHEALTHY,
  /**
   * No heartbeat is known to be written for half of the time-out or longer, whyever: it will fire
   * soon, or has. The next heartbeat that is written arms it again.
   */
  SILENT,
  /** Left armed: no heartbeat follows, and silence fires it. */
  LEFT,
  /** Taken off, and that is written. */
  OFF,
  /** To be taken off; not known to be written. */
  OFF_NOT_KNOWN
}
