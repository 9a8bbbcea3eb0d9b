package io.countermand.venues.secrets;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A text as one more reading of it sees it: the first is the text itself, each further one has one
 * layer of escapes of one kind taken off. One kind at a time, since a secret may hold what looks
 * like another. Control characters are left out, so that a line break divides nothing. Knows where
 * each character stood in the text. Immutable.
 */
final class EscapeLayer {

  private static final Map<String, Character> ENTITIES =
      Map.of("amp", '&', "lt", '<', "gt", '>', "quot", '"', "apos", '\'');
  private static final int LONGEST_ENTITY = 8;

  /** With what escapes begin: in URLs, in JSON and C, in HTML. */
  static final List<Character> MARKS = List.of('\\', '%', '&');

  private final String text;
  private final int @Nullable [] starts; // null: each character stands where it is
  private final int @Nullable [] ends;

  private EscapeLayer(String text, int @Nullable [] starts, int @Nullable [] ends) {
    this.text = text;
    this.starts = starts;
    this.ends = ends;
  }

  static EscapeLayer of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (dropped(text.charAt(i))) {
        Writer all = new Writer(text.length());
        for (int at = 0; at < text.length(); at++) {
          all.add(text.charAt(at), at, at + 1);
        }
        return all.level();
      }
    }
    return new EscapeLayer(text, null, null);
  }

  String text() {
    return text;
  }

  /** Where the character stood in the text. */
  int start(int index) {
    return starts == null ? index : starts[index];
  }

  /** Behind the character, there. */
  int end(int index) {
    return ends == null ? index + 1 : ends[index];
  }

  /**
   * With one layer of escapes less; null if there is none.
   *
   * @param mark one of {@link #MARKS}
   */
  @Nullable EscapeLayer without(char mark) {
    if (text.indexOf(mark) < 0) {
      return null;
    }
    Writer out = new Writer(text.length());
    boolean changed = false;
    int at = 0;
    while (at < text.length()) {
      int length =
          text.charAt(at) != mark
              ? 0
              : switch (mark) {
                case '%' -> percent(at, out);
                case '&' -> entity(at, out);
                default -> backslash(at, out);
              };
      if (length == 0) {
        out.add(text.charAt(at), start(at), end(at));
        at++;
      } else {
        changed = true;
        at += length;
      }
    }
    return changed ? out.level() : null;
  }

  /** Characters read; 0: no escape stands here. */
  private int percent(int at, Writer out) {
    int first = number(at + 1, 2, 16);
    if (first < 0) {
      return 0;
    }
    int bytes = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
    byte[] code = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      int place = at + 3 * i;
      int value =
          place < text.length() && text.charAt(place) == '%' ? number(place + 1, 2, 16) : -1;
      if (value < 0) {
        return 0;
      }
      code[i] = (byte) value;
    }
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(code)).toString();
      for (int i = 0; i < decoded.length(); i++) {
        out.add(decoded.charAt(i), start(at), end(at + 3 * bytes - 1));
      }
      return 3 * bytes;
    } catch (CharacterCodingException e) {
      return 0; // no text
    }
  }

  private int backslash(int at, Writer out) {
    if (at + 1 == text.length()) {
      return 0;
    }
    char kind = text.charAt(at + 1);
    int digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 0;
    int code = digits == 0 ? -1 : number(at + 2, digits, 16);
    if (code >= 0) {
      out.add((char) code, start(at), end(at + 1 + digits));
      return 2 + digits;
    }
    char plain = "nrtbf".indexOf(kind) >= 0 ? '\n' : kind;
    out.add(plain, start(at), end(at + 1));
    return 2;
  }

  private int entity(int at, Writer out) {
    int end = text.indexOf(';', at);
    if (end < 0 || end - at > LONGEST_ENTITY) {
      return 0;
    }
    String name = text.substring(at + 1, end);
    Character named = ENTITIES.get(name);
    boolean hex = name.startsWith("#x") || name.startsWith("#X");
    int code =
        named != null
            ? named
            : hex
                ? number(at + 3, end - at - 3, 16)
                : name.startsWith("#") ? number(at + 2, end - at - 2, 10) : -1;
    if (code < 0 || code > Character.MAX_VALUE) {
      return 0;
    }
    out.add((char) code, start(at), end(end));
    return end - at + 1;
  }

  /** -1: no number stands there. */
  private int number(int from, int digits, int radix) {
    if (digits < 1 || from + digits > text.length()) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Character.digit(text.charAt(i), radix);
      if (digit < 0) {
        return -1;
      }
      number = number * radix + digit;
    }
    return number;
  }

  static boolean dropped(char c) {
    return c < ' ' || c == 0x7f;
  }

  private static final class Writer {
    private final StringBuilder text;
    private final int[] starts;
    private final int[] ends;

    private Writer(int most) {
      text = new StringBuilder(most);
      starts = new int[most];
      ends = new int[most];
    }

    private void add(char c, int start, int end) {
      if (!dropped(c)) {
        starts[text.length()] = start;
        ends[text.length()] = end;
        text.append(c);
      }
    }

    private EscapeLayer level() {
      return new EscapeLayer(text.toString(), starts, ends);
    }
  }
}
