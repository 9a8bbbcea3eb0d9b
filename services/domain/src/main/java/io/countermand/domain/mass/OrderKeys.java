package io.countermand.domain.mass;

import io.countermand.domain.order.OrderRef;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads order keys: {@code venue/account/orderId}, percent-encoded. */
public final class OrderKeys {

  private static final int PARTS = 3;

  private OrderKeys() {}

  /** Null: no key of an order by its id. */
  public static @Nullable OrderRef parse(String key) {
    String[] parts = key.split("/", -1);
    if (parts.length != PARTS) {
      return null;
    }
    try {
      var order = new OrderRef(decode(parts[0]), decode(parts[1]), decode(parts[2]));
      return order.key().equals(key) ? order : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String decode(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8); // a key has no '+', it is encoded
  }
}
