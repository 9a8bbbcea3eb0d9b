package io.countermand.events;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Which order is meant, and the record key of every topic that is about it: {@code
 * venue/account/orderId}, each part percent-encoded (RFC 3986, all bytes but unreserved
 * characters). An order that is named instead ("ENTRY1 of that strategy") is another one for each
 * strategy and name; its key goes on with {@code /strategyId/orderName}. Immutable.
 *
 * @param venue name of the configured venue instance
 * @param account the venue's account name or id
 * @param orderId the venue's order id; of a named order the name again, if no id is known
 * @param orderName null: the orderId says which order it is
 * @param strategyId of a named order; null: none
 */
public record OrderKey(
    String venue,
    String account,
    String orderId,
    @Nullable String orderName,
    @Nullable String strategyId) {

  private static final String HEX = "0123456789ABCDEF";

  /**
   * @throws IllegalArgumentException if venue, account or orderId is empty
   */
  public OrderKey {
    strategyId = orderName == null ? null : strategyId;
    if (venue.isBlank() || account.isBlank() || orderId.isBlank()) {
      throw new IllegalArgumentException("an order has a venue, an account and an orderId");
    }
  }

  /** An order by its id. */
  public static OrderKey of(String venue, String account, String orderId) {
    return new OrderKey(venue, account, orderId, null, null);
  }

  /**
   * An order by its name, where the venue knows names.
   *
   * @param strategyId null: the name belongs to no strategy
   */
  public static OrderKey named(
      String venue, String account, @Nullable String strategyId, String orderName) {
    return new OrderKey(venue, account, orderName, orderName, strategyId);
  }

  /** The order that a cancel is about. */
  public static OrderKey of(Cancel cancel) {
    return new OrderKey(
        cancel.getVenue(),
        cancel.getAccount(),
        cancel.getOrderId(),
        cancel.getOrderName(),
        cancel.getStrategyId());
  }

  /** The key as text, never null or empty. */
  public String key() {
    String key = encode(venue) + '/' + encode(account) + '/' + encode(orderId);
    return orderName == null
        ? key
        : key + '/' + encode(strategyId == null ? "" : strategyId) + '/' + encode(orderName);
  }

  /** The key as it stands in a record. */
  public byte[] bytes() {
    return key().getBytes(StandardCharsets.UTF_8);
  }

  /** As its key. */
  @Override
  public String toString() {
    return key();
  }

  /** One part of a key. */
  public static String encode(String part) {
    var encoded = new StringBuilder(part.length());
    for (byte each : part.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if (unreserved(c)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return encoded.toString();
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }
}
