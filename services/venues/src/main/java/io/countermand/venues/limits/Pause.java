package io.countermand.venues.limits;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * No call may start before {@code until}.
 *
 * @param text one line for people, without secrets
 * @param credential fingerprint of the credential that it is about; null: of whatever credential
 */
public record Pause(Instant until, Cause cause, String text, @Nullable String credential) {

  /** Until an operator lifts it. */
  public static final Instant UNTIL_RESUMED = Instant.parse("9999-01-01T00:00:00Z");

  public Pause(Instant until, Cause cause, String text) {
    this(until, cause, text, null);
  }

  /** Its end, for people. */
  public String end() {
    return until.isBefore(UNTIL_RESUMED) ? "until " + until : "until resumed";
  }

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
