package io.countermand.venues.limits;

import java.time.Instant;

/**
 * No call may start before {@code until}.
 *
 * @param text one line for people, without secrets
 */
public record Pause(Instant until, Cause cause, String text) {

  /** Why a venue is paused. */
  public enum Cause {
    /** 429 and its like: the venue counts calls. */
    RATE_LIMITED,
    /** A call inside the window would start it anew, or worse. */
    LOCKED_OUT,
    /** The credential was refused, also after a renewal. */
    UNAUTHORIZED,
    /** A person paused it. */
    OPERATOR
  }
}
