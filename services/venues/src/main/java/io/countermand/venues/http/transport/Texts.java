package io.countermand.venues.http.transport;

import org.jspecify.annotations.Nullable;

/** Venue's words made fit to be kept. */
public final class Texts {

  /** Stands for what is no text, as in a body that is no UTF-8. */
  public static final char UNPRINTABLE = '\uFFFD';

  private Texts() {}

  /** At most {@code max} characters, control characters and broken surrogates as blanks. */
  public static String clip(String text, int max) {
    return clip(text, max, ' ');
  }

  /** {@link #clip}, but only tabs and line breaks become blanks: others are not made up. */
  static String excerpt(String text, int max) {
    return clip(text, max, UNPRINTABLE);
  }

  private static String clip(String text, int max, char unprintable) {
    var clipped = new StringBuilder(Math.min(text.length(), max));
    for (int i = 0; i < text.length() && clipped.length() < max; i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair && clipped.length() + 2 <= max) {
        clipped.append(c).append(text.charAt(++i));
      } else {
        boolean space = c == '\t' || c == '\n' || c == '\r';
        boolean odd = Character.isISOControl(c) || Character.isSurrogate(c);
        clipped.append(space ? ' ' : odd ? unprintable : c);
      }
    }
    return clipped.toString();
  }

  /** {@link #clip}, null stays null. */
  public static @Nullable String clipped(@Nullable String text, int max) {
    return text == null ? null : clip(text, max);
  }

  /** One line on an answer that nobody understood. */
  public static String describe(HttpReply reply) {
    if (reply.cut()) {
      return "HTTP %d, body longer than %d bytes".formatted(reply.status(), HttpTransport.MAX_BODY);
    }
    return reply.body().isEmpty()
        ? "HTTP %d, empty body".formatted(reply.status())
        : "HTTP %d: %s".formatted(reply.status(), reply.body());
  }
}
