package io.countermand.domain;

import java.nio.charset.StandardCharsets;

/**
 * An order at a venue. Its {@link #key()} is the record key of every topic: {@code
 * venue/account/orderId}, each part percent-encoded (RFC 3986, everything but unreserved
 * characters), so that it is the same bytes in every language and schema version.
 */
public record OrderRef(String venue, String account, String orderId) {

  private static final String HEX = "0123456789ABCDEF";

  public String key() {
    var key = new StringBuilder(venue.length() + account.length() + orderId.length() + 2);
    encode(venue, key);
    key.append('/');
    encode(account, key);
    key.append('/');
    encode(orderId, key);
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
