package io.countermand.console;

import io.countermand.events.OrderState;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An order as it is listed.
 *
 * @param key its record's
 * @param state null: it cannot be read now, or is not kept any more
 */
public record OrderRow(
    String key, String venue, String account, String orderId, @Nullable OrderState state) {

  /**
   * @param key any text; what is no order key is shown as far as it looks like one
   */
  static OrderRow of(String key, @Nullable OrderState state) {
    String[] parts = key.split("/", -1);
    return new OrderRow(
        key,
        decoded(parts[0]),
        parts.length > 1 ? decoded(parts[1]) : "",
        parts.length > 2 ? decoded(parts[parts.length - 1]) : "",
        state);
  }

  static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }
}
