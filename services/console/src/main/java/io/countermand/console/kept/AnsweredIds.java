package io.countermand.console.kept;

import io.countermand.events.CancelIntent;
import io.countermand.events.OrderKey;
import java.nio.charset.StandardCharsets;

/**
 * By what ids the pipeline answers an intent whose own are too long: the same as in every other
 * record of that cancel. Else its intent would stand here as a cancel of its own, open for ever.
 */
public final class AnsweredIds {

  /** Bytes in UTF-8. */
  private static final int LONGEST_CANCEL_ID = 128;

  private static final int LONGEST_PART = 256;

  private AnsweredIds() {}

  /** Whether it gets an outcome; else it is a dead letter. */
  public static boolean can(String cancelId) {
    return !cancelId.isBlank()
        && cancelId.getBytes(StandardCharsets.UTF_8).length <= LONGEST_CANCEL_ID
        && cancelId.chars().noneMatch(Character::isISOControl);
  }

  /**
   * @throws IllegalArgumentException if venue, account or orderId is empty
   */
  public static OrderKey as(CancelIntent intent) {
    String name = intent.getOrderName();
    String strategy = intent.getStrategyId();
    return new OrderKey(
        cut(intent.getVenue()),
        cut(intent.getAccount()),
        cut(intent.getOrderId()),
        name == null ? null : cut(name),
        strategy == null ? null : cut(strategy));
  }

  /** Between characters. */
  private static String cut(String text) {
    int used = 0;
    int end = 0;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      used += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (used > LONGEST_PART) {
        return text.substring(0, end) + "…";
      }
      end += Character.charCount(point);
    }
    return text;
  }
}
