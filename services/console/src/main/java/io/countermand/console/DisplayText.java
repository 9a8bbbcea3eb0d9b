package io.countermand.console;

import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.LastOutcomes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How texts, times and numbers are shown. The templates escape; this makes the unseen seen. */
public final class DisplayText {

  private static final int CELL = 60;

  /**
   * Letters and marks that are drawn as nothing: joiner, fillers, inherent vowels, braille blank.
   */
  private static final String BLANK =
      "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180F\u2800\u3164\uFFA0";

  private static final int WORDS = 200;
  private static final int PASSAGE = 2_000;
  private static final DateTimeFormatter DAY_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private DisplayText() {}

  /** All of a text; characters that hide, or turn the direction of others, as their code. */
  public static String text(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    String text = value.toString();
    var shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || !hidden(c)) {
                shown.appendCodePoint(c);
              } else {
                shown.append(String.format(Locale.ROOT, c > 0xFFFF ? "\\u{%X}" : "\\u%04X", c));
              }
            });
    return shown.toString();
  }

  /** Its beginning, for a table; with how long it is, if there is more. */
  public static String cell(@Nullable Object value) {
    return beginning(value, CELL);
  }

  /** As a cell, with room for a sentence. */
  public static String words(@Nullable Object value) {
    return beginning(value, WORDS);
  }

  /** As a cell, with room for all that is sensible. */
  public static String passage(@Nullable Object value) {
    return beginning(value, PASSAGE);
  }

  static String beginning(@Nullable Object value, int most) {
    String text = value == null ? "" : value.toString();
    if (text.length() <= most) {
      return text(text).replace('\n', ' ');
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text(text.substring(0, end)).replace('\n', ' ')
        + String.format(Locale.ROOT, "… (%,d characters)", text.length());
  }

  private static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> (c & 0xFFFE) == 0xFFFE || BLANK.indexOf(c) >= 0 || (c >= 0xE0100 && c <= 0xE01EF);
    };
  }

  /** In UTC, to the millisecond. */
  public static String time(@Nullable Instant time) {
    return time == null ? "" : DAY_TIME.format(time);
  }

  /** As ISO 8601, for a program. */
  public static String iso(@Nullable Instant time) {
    return time == null ? "" : time.toString();
  }

  /** As people say it. */
  public static String age(Duration age) {
    long millis = age.toMillis();
    if (millis < 0) {
      return "-" + age(age.negated());
    }
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }
    long minutes = age.toMinutes();
    return minutes < 60
        ? minutes + " min " + age.toSecondsPart() + " s"
        : age.toHours() + " h " + age.toMinutesPart() + " min";
  }

  /**
   * @param value milliseconds; NaN: none
   */
  public static String millis(double value) {
    return Double.isNaN(value)
        ? "–"
        : String.format(Locale.ROOT, value < 10 ? "%.1f" : "%,.0f", value);
  }

  public static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** For a query's value. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The page of a cancel. */
  public static String link(CancelLife life) {
    return cancel(life.order(), life.cancelId());
  }

  /** The page of the cancel whose outcome it is. */
  public static String outcome(LastOutcomes.Last last) {
    return cancel(last.order(), last.cancelId());
  }

  static String cancel(String order, String cancelId) {
    return "/cancel?order=" + encoded(order) + "&id=" + encoded(cancelId);
  }

  /** The page of an order. */
  public static String order(String key) {
    return "/order?key=" + encoded(key);
  }

  /** A sign beside each result's name, so that nobody needs its colour. */
  public static String sign(String result) {
    return switch (result) {
      case "CANCELED" -> "✓";
      case "REJECTED" -> "✕";
      case "PENDING" -> "…";
      case "UNRESOLVED" -> "?";
      default -> "○";
    };
  }
}
