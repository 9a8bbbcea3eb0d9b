package io.countermand.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as people write them on a command line. */
public final class TimeArguments {

  private TimeArguments() {}

  /**
   * @param text null: null
   * @throws IllegalArgumentException with what is allowed
   */
  static @Nullable public Instant parse(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.equals("now")) {
      return Instant.now();
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      try {
        return Instant.now().minus(duration(option, text));
      } catch (IllegalArgumentException no) {
        throw new IllegalArgumentException(
            option
                + " takes now, a UTC time like 2026-11-20T08:00:00Z, or a duration like 15m or 2h"
                + " (that long ago); not '"
                + text
                + "'",
            no);
      }
    }
  }

  /**
   * @throws IllegalArgumentException with what is allowed
   */
  public static Duration duration(String option, String text) {
    try {
      String upper = text.toUpperCase(Locale.ROOT);
      return Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          option + " takes a duration like 90s, 15m, 2h or 3d; not '" + text + "'", e);
    }
  }
}
