package io.countermand.domain.order;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An order at a venue. Its {@link #key()} is the record key of every topic: {@code
 * venue/account/orderId}, each part percent-encoded (RFC 3986, everything but unreserved
 * characters), so that it is the same bytes in every language and schema version.
 *
 * <p>An order that is named instead ("ENTRY1 of that strategy") is another one for each name and
 * strategy, whatever stands in its orderId; its key goes on with {@code /strategyId/orderName}.
 *
 * @param orderName null: the orderId says which order it is
 * @param strategyId of a named order; else null
 */
public record OrderRef(
    String venue,
    String account,
    String orderId,
    @Nullable String orderName,
    @Nullable String strategyId) {

  private static final String HEX = "0123456789ABCDEF";

  public OrderRef {
    strategyId = orderName == null ? null : strategyId;
  }

  /** An order by its id. */
  public OrderRef(String venue, String account, String orderId) {
    this(venue, account, orderId, null, null);
  }

  /**
   * The order of an intent with this name and strategy.
   *
   * @param orderName null: by id, and the strategy is only said about it
   */
  public OrderRef named(@Nullable String orderName, @Nullable String strategyId) {
    var named = new OrderRef(venue, account, orderId, orderName, strategyId);
    return named.equals(this) ? this : named;
  }

  /** Whether a name says which order it is: tomorrow another one may have it. */
  public boolean named() {
    return orderName != null;
  }

  public String key() {
    var key = new StringBuilder(venue.length() + account.length() + orderId.length() + 2);
    encode(venue, key);
    key.append('/');
    encode(account, key);
    key.append('/');
    encode(orderId, key);
    if (orderName != null) {
      key.append('/');
      encode(strategyId == null ? "" : strategyId, key);
      key.append('/');
      encode(orderName, key);
    }
    return key.toString();
  }

  /** One part of a key, percent-encoded. */
  public static String encode(String part) {
    var encoded = new StringBuilder(part.length());
    encode(part, encoded);
    return encoded.toString();
  }

  private static void encode(String part, StringBuilder to) {
    int plain = 0;
    while (plain < part.length() && unreserved(part.charAt(plain))) {
      plain++;
    }
    to.append(part, 0, plain);
    if (plain == part.length()) {
      return;
    }
    for (byte b : part.substring(plain).getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (unreserved(c)) {
        to.append(c);
      } else {
        to.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }
}
