package io.countermand.domain.order;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one place where what came from outside becomes facts: numbers by their digits, texts by their
 * bytes in UTF-8, times by whether they can be. What is out of bounds is not known (a quantity, a
 * time), or cut (a text), or makes the record unusable (an id). Desk, ledger and audit ask here, so
 * they agree on every record. Pure; costs no more than the value has.
 */
public final class Facts {

  /** Most digits of a decimal, and most of them before and after its point. */
  public static final int MOST_DIGITS = 40;

  /** Longest id, in bytes. */
  public static final int LONGEST_ID = 256;

  /** Longest cancelId, in bytes. */
  public static final int LONGEST_CANCEL_ID = 128;

  /** Where other texts are cut, in bytes. */
  public static final int LONGEST_TEXT = 256;

  /** A venue's words may be longer: adapters cut them at 500 characters. */
  static final int LONGEST_WORDS = 2048;

  /** Attributes of an intent: all keys and values together in bytes, and how many. */
  public static final int LARGEST_ATTRIBUTES = 16 * 1024;

  public static final int MOST_ATTRIBUTES = 256;

  /** A clock may be ahead by so much; beyond it the unit is wrong, or the clock. */
  public static final Duration LARGEST_LEAD = Duration.ofDays(1);

  /** Sign, digits, point and a short exponent; longer texts are no numbers of ours. */
  private static final int LONGEST_NUMBER = 64;

  /** Before there was anything to cancel: seconds or milliseconds in a microsecond field. */
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  /** Nanoseconds in a microsecond field, or no time at all. */
  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  /** Room for nanoseconds since 1970, which some venues count by. */
  private static final long LARGEST_SEQUENCE = 1L << 62;

  private Facts() {}

  // ---- numbers ----

  /** Null for null, and for text that is no decimal within bounds. Nothing is expanded. */
  public static @Nullable BigDecimal decimal(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > LONGEST_NUMBER) {
      return null;
    }
    try {
      return decimal(new BigDecimal(text.strip())); // an exponent stays an exponent
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The value, if it can be written out in a few dozen characters; else null. */
  public static @Nullable BigDecimal decimal(@Nullable BigDecimal value) {
    if (value == null || value.unscaledValue().bitLength() > 4 * MOST_DIGITS) {
      return null;
    }
    long digits = value.precision();
    long scale = value.scale();
    boolean bounded =
        digits <= MOST_DIGITS && scale <= MOST_DIGITS && digits - scale <= MOST_DIGITS;
    return bounded ? value : null;
  }

  /** A decimal that is not negative. */
  public static @Nullable BigDecimal quantity(@Nullable BigDecimal value) {
    BigDecimal bounded = decimal(value);
    return bounded == null || bounded.signum() < 0 ? null : bounded;
  }

  /** Written out, without exponent; null for null and for what is out of bounds. */
  public static @Nullable String plain(@Nullable BigDecimal value) {
    BigDecimal bounded = decimal(value);
    return bounded == null ? null : bounded.toPlainString();
  }

  // ---- times ----

  /** Whether a time can be meant: a number of another unit gives 1970, or a far century. */
  public static boolean canBe(Instant time) {
    return !time.isBefore(EARLIEST) && time.isBefore(LAST);
  }

  /**
   * The time, if it can be and is not more than a day ahead; else null: it orders nothing.
   *
   * @param recorded the record's own time
   */
  public static @Nullable Instant time(@Nullable Instant told, Instant recorded) {
    boolean ahead = told != null && canBe(recorded) && told.isAfter(recorded.plus(LARGEST_LEAD));
    return told == null || !canBe(told) || ahead ? null : told;
  }

  // ---- texts ----

  /** Length in UTF-8. */
  public static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The text, cut between characters at {@link #LONGEST_TEXT} bytes and marked with "…". */
  public static String cut(String text) {
    return cut(text, LONGEST_TEXT);
  }

  public static @Nullable String cutNullable(@Nullable String text) {
    return text == null ? null : cut(text, LONGEST_TEXT);
  }

  static String cut(String text, int most) {
    if (text.length() <= most && (text.length() <= most / 3 || bytes(text) <= most)) {
      return text;
    }
    int used = 0;
    int end = 0;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      used += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (used > most) {
        break;
      }
      end += Character.charCount(point);
    }
    return text.substring(0, end) + "…";
  }

  /** What is wrong with an id; null: nothing. */
  public static @Nullable String wrong(String name, String id, int longest) {
    if (id.isBlank()) {
      return name + " is empty";
    }
    int bytes = bytes(id);
    if (bytes > longest) {
      String what = bytes == id.length() ? "characters" : "bytes";
      return name + " has " + bytes + " " + what + ", at most " + longest + " are allowed";
    }
    return hasControl(id) ? name + " has a control character" : null;
  }

  static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  /** What is wrong with an intent's attributes; null: nothing. */
  public static @Nullable String wrong(Map<String, String> attributes) {
    if (attributes.size() > MOST_ATTRIBUTES) {
      return "there are "
          + attributes.size()
          + " attributes, at most "
          + MOST_ATTRIBUTES
          + " are allowed";
    }
    long characters = 0;
    long bytes = 0;
    for (var entry : attributes.entrySet()) {
      characters += entry.getKey().length() + entry.getValue().length();
      bytes += bytes(entry.getKey()) + bytes(entry.getValue());
    }
    return bytes <= LARGEST_ATTRIBUTES
        ? null
        : "attributes have "
            + bytes
            + (bytes == characters ? " characters" : " bytes")
            + ", at most "
            + LARGEST_ATTRIBUTES
            + " are allowed";
  }

  /** A time that cannot be what its field says, in words that say what is expected. */
  public static @Nullable String wrong(String name, @Nullable Instant time) {
    return time == null || canBe(time)
        ? null
        : name
            + " "
            + time
            + " cannot be meant: microseconds expected, since 1970 in UTC (milliseconds, seconds or"
            + " nanoseconds given?)";
  }

  // ---- records ----

  /** What an order event is good for. */
  public sealed interface OrderTold {}

  /** An event of an order, its values within bounds. */
  public record Known(OrderEvent event) implements OrderTold {}

  /** Of no order that can be named. */
  public record Unusable(String text) implements OrderTold {}

  /**
   * An order event as facts.
   *
   * @param recorded the record's own time; also stands for an {@code observedAt} that cannot be
   */
  public static OrderTold of(OrderEvent told, Instant recorded) {
    OrderRef order = told.order();
    List<String> problems = new ArrayList<>();
    add(problems, wrong("venue", order.venue(), LONGEST_ID));
    add(problems, wrong("account", order.account(), LONGEST_ID));
    add(problems, wrong("orderId", order.orderId(), LONGEST_ID));
    if (!problems.isEmpty()) {
      return new Unusable(String.join("; ", problems));
    }
    Instant observed = time(told.observedAt(), recorded);
    if (observed == null) {
      observed = canBe(recorded) ? recorded : EARLIEST;
    }
    Long sequence = told.sequence();
    boolean ordered = sequence != null && sequence >= 0 && sequence < LARGEST_SEQUENCE;
    return new Known(
        new OrderEvent(
            order,
            cutNullable(told.clOrdId()),
            told.ordStatus(),
            cutNullable(told.rawStatus()),
            quantity(told.orderQty()),
            quantity(told.cumQty()),
            quantity(told.leavesQty()),
            decimal(told.avgPx()),
            time(told.venueTime(), observed),
            ordered ? sequence : null,
            told.correction(),
            cut(told.source()),
            cutNullable(told.cancelId()),
            observed,
            OrderDetails.cut(told.details())));
  }

  /**
   * What a venue's answer says, as facts.
   *
   * @param at when the answer was complete
   */
  public static ReplyDetails of(ReplyDetails told, Instant at) {
    String message = told.message();
    return new ReplyDetails(
        cutNullable(told.code()),
        message == null ? null : cut(message, LONGEST_WORDS),
        told.ordStatus(),
        cutNullable(told.rawStatus()),
        quantity(told.executedQty()),
        time(told.venueTime(), at));
  }

  private static void add(List<String> problems, @Nullable String problem) {
    if (problem != null) {
      problems.add(problem);
    }
  }
}
