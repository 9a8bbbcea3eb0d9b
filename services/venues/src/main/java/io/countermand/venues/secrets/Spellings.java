package io.countermand.venues.secrets;

import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How one secret may be written: as it is, in hex, in base64 by itself and inside something longer.
 * All are folded ({@link #fold}), so case and the two alphabets of base64 make no difference.
 * Escapes are not here: {@link EscapeLayer} takes them off the text. Immutable.
 *
 * <p>A secret of less than {@value #SHORT} characters is found only where it stands by itself, with
 * no letter or digit beside it: else it would shred ordinary words. For that reason, too, what is
 * left of it inside longer base64 is not looked for where it has less than {@value #SHORT}
 * characters.
 */
final class Spellings {

  static final int SHORT = 6;

  /**
   * One of them, folded.
   *
   * @param alone only where nothing stands beside it
   * @param before whether the character before it, of base64, holds bits of the secret, too
   * @param after the same of the one after it
   */
  record Spelling(String text, boolean alone, boolean before, boolean after) {}

  private final List<Spelling> all;
  private final int length;

  private Spellings(List<Spelling> all, int length) {
    this.all = all;
    this.length = length;
  }

  static Spellings of(String secret) {
    Set<Spelling> all = new LinkedHashSet<>();
    boolean alone = secret.length() < SHORT;
    add(new Spelling(fold(secret), alone, false, false), all);
    String json = TextNode.valueOf(secret).toString();
    for (String form :
        new LinkedHashSet<>(
            List.of(
                secret,
                json.substring(1, json.length() - 1),
                URLEncoder.encode(secret, StandardCharsets.UTF_8)))) {
      byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
      add(new Spelling(HexFormat.of().formatHex(bytes), alone, false, false), all);
      if (alone) {
        String whole = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        add(new Spelling(fold(whole), true, false, true), all);
      }
      for (int before = 0; before < 3; before++) {
        String core = core(bytes, before);
        if (core.length() >= SHORT) {
          boolean shared = (before + bytes.length) % 3 != 0;
          add(new Spelling(fold(core), false, before > 0, shared), all);
        }
      }
    }
    return new Spellings(List.copyOf(all), secret.length());
  }

  private static void add(Spelling spelling, Set<Spelling> to) {
    if (!spelling.text().isEmpty()) {
      to.add(spelling);
    }
  }

  /** The characters of base64 that hold bits of these bytes only, with so many bytes before. */
  private static String core(byte[] bytes, int before) {
    byte[] padded = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, padded, before, bytes.length);
    String text = Base64.getEncoder().withoutPadding().encodeToString(padded);
    int from = (before * 8 + 5) / 6;
    int to = padded.length * 8 / 6;
    return from < to ? text.substring(from, to) : "";
  }

  List<Spelling> all() {
    return all;
  }

  /** Of the secret itself, in characters. */
  int length() {
    return length;
  }

  /** Without case, with one alphabet of base64, and without blanks, which may be plus signs. */
  static String fold(String text) {
    StringBuilder folded = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char plain =
          c >= 'A' && c <= 'Z' ? (char) (c + 32) : c == '-' || c == ' ' ? '+' : c == '_' ? '/' : c;
      if (plain != c && folded == null) {
        folded = new StringBuilder(text);
      }
      if (folded != null) {
        folded.setCharAt(i, plain);
      }
    }
    return folded == null ? text : folded.toString();
  }
}
