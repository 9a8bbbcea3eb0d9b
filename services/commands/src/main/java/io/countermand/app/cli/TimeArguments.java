package io.countermand.app.cli;

import io.countermand.app.config.ValueParsers;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Times as people write them on a command line. */
public final class TimeArguments {

  /** Longer is a slip, and ends no clock can tell. */
  static final Duration MOST = Duration.ofDays(3650);

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
   * As the configuration has them.
   *
   * @throws IllegalArgumentException with what is allowed
   */
  public static Duration duration(String option, String text) {
    return duration(option, text, Duration.ZERO, null);
  }

  /**
   * The same, with a bound.
   *
   * @throws IllegalArgumentException with what is allowed
   */
  public static Duration duration(String option, String text, Duration least) {
    return duration(option, text, least, null);
  }

  /**
   * The same, for a command that calls it a wrong call.
   *
   * @param most null: ten years
   * @throws ParameterException with what is allowed
   */
  public static Duration duration(
      CommandLine command, String option, String text, Duration least, @Nullable Duration most) {
    try {
      return duration(option, text, least, most);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, String.valueOf(e.getMessage()), e);
    }
  }

  private static Duration duration(
      String option, String text, Duration least, @Nullable Duration most) {
    Duration bound = most;
    try {
      Duration duration = ValueParsers.duration(text);
      Duration longest = most == null ? MOST : most;
      if (duration.compareTo(least) >= 0 && duration.compareTo(longest) <= 0) {
        return duration;
      }
      if (duration.compareTo(longest) > 0) {
        bound = longest;
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(takes(option, text, least, most == null ? MOST : most), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(takes(option, text, least, most), e);
    }
    throw new IllegalArgumentException(takes(option, text, least, bound));
  }

  private static String takes(String option, String text, Duration least, @Nullable Duration most) {
    String bounds =
        most != null
            ? " of " + ValueParsers.show(least) + " to " + ValueParsers.show(most)
            : least.isPositive() ? " of " + ValueParsers.show(least) + " or more" : "";
    return option
        + " takes a duration"
        + bounds
        + ", like 500ms, 90s, 15m, 2h or 3d; not '"
        + text
        + "'";
  }
}
