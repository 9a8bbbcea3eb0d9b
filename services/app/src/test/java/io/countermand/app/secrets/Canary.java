package io.countermand.app.secrets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * Secrets of one run, each unique and made by chance, and the search for them in what the run
 * leaves. Knows nothing of what takes secrets out: both say for themselves how one may be written.
 * What is sought is each half of a secret, so half a leak is found, too. Thread-safe.
 */
public final class Canary {

  /** A secret, or half of it, where none may be. Says its name, never the secret. */
  public record Find(String where, String secret, String form) {

    /** Where, as it was named, whatever was done to see it. */
    String place() {
      return where.endsWith(JOINED) ? where.substring(0, where.length() - JOINED.length()) : where;
    }
  }

  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String JOINED = ", lines joined";
  private static final int LENGTH = 32;

  /** Shorter ones would be found by chance. */
  private static final int SHORTEST = 16;

  private static final int WINDOW = 8;

  private record Needle(byte[] bytes, String secret, String form) {}

  private final SecureRandom random = new SecureRandom();
  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final Map<Long, List<Needle>> needles = new HashMap<>();

  /** A new one of letters and digits. */
  public String secret(String name) {
    return secret(name, "");
  }

  /** A new one, with each of these characters in it. */
  public synchronized String secret(String name, String odd) {
    var made = new StringBuilder();
    while (made.length() < LENGTH) {
      made.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    for (int i = 0; i < odd.length(); i++) {
      made.setCharAt(3 + i * (LENGTH - 6) / odd.length(), odd.charAt(i));
    }
    add(name, made.toString());
    return made.toString();
  }

  /** One that somebody else made. */
  public synchronized void add(String name, String secret) {
    if (secret.length() < SHORTEST) {
      throw new IllegalArgumentException(name + " is too short to be found for certain");
    }
    secrets.put(name, secret);
    int half = secret.length() / 2;
    for (String part : List.of(secret.substring(0, half), secret.substring(half))) {
      forms(part).forEach((form, text) -> seek(text.getBytes(StandardCharsets.UTF_8), name, form));
      seek(part.getBytes(StandardCharsets.UTF_16LE), name, "UTF-16");
    }
  }

  private void seek(byte[] bytes, String secret, String form) {
    needles
        .computeIfAbsent(window(bytes, 0), any -> new ArrayList<>())
        .add(new Needle(bytes, secret, form));
  }

  public synchronized Map<String, String> secrets() {
    return new LinkedHashMap<>(secrets);
  }

  /** How a text may be written, by the form's name; of base64 what is surely in it. */
  static Map<String, String> forms(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("plain", text);
    forms.put("lower case", text.toLowerCase(Locale.ROOT));
    forms.put("upper case", text.toUpperCase(Locale.ROOT));
    var swapped = new StringBuilder();
    var percent = new StringBuilder();
    var json = new StringBuilder();
    var html = new StringBuilder();
    for (char c : text.toCharArray()) {
      swapped.append(
          Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
      HexFormat hex = HexFormat.of();
      percent.append('%').append(hex.withUpperCase().toHexDigits((byte) c));
      json.append("\\u").append(hex.toHexDigits(c));
      html.append("&#").append((int) c).append(';');
    }
    forms.put("case reversed", swapped.toString());
    String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
    forms.put("in JSON", quoted);
    forms.put("in JSON in JSON", quoted.replace("\\", "\\\\").replace("\"", "\\\""));
    forms.put("in JSON by number", json.toString());
    forms.put(
        "in JSON by number, upper case",
        json.toString().toUpperCase(Locale.ROOT).replace("\\U", "\\u"));
    forms.put("in HTML", text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;"));
    forms.put("in HTML by number", html.toString());
    forms.put("in a URL", URLEncoder.encode(text, StandardCharsets.UTF_8));
    forms.put("percent", percent.toString());
    forms.put("percent, lower case", percent.toString().toLowerCase(Locale.ROOT));
    forms.put("percent twice", percent.toString().replace("%", "%25"));
    forms.put("hex", HexFormat.of().formatHex(bytes));
    forms.put("hex, upper case", HexFormat.of().withUpperCase().formatHex(bytes));
    for (int before = 0; before < 3; before++) {
      byte[] all = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, all, before, bytes.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(all);
      String sure = base64.substring(before == 0 ? 0 : before + 1, all.length * 8 / 6);
      forms.put("base64 after " + before, sure);
      forms.put("base64 of URLs after " + before, sure.replace('+', '-').replace('/', '_'));
    }
    return forms;
  }

  /** A whole secret in each form, as somebody would write it. */
  static Map<String, String> written(String secret) {
    Map<String, String> written = new LinkedHashMap<>(forms(secret));
    written.keySet().removeIf(form -> form.startsWith("base64"));
    for (String before : List.of("", "u", "us", "user:")) {
      byte[] bytes = (before + secret).getBytes(StandardCharsets.UTF_8);
      written.put("Basic of " + before, Base64.getEncoder().encodeToString(bytes));
      written.put("Basic of URLs of " + before, Base64.getUrlEncoder().encodeToString(bytes));
      written.put(
          "Basic without padding of " + before,
          Base64.getEncoder().withoutPadding().encodeToString(bytes));
    }
    return written;
  }

  public List<Find> search(String where, String text) {
    return search(where, text.getBytes(StandardCharsets.UTF_8));
  }

  /** As they are, unpacked where they are gzip, and with lines joined. */
  public synchronized List<Find> search(String where, byte[] bytes) {
    var finds =
        new TreeSet<Find>(
            Comparator.comparing(Find::where)
                .thenComparing(Find::secret)
                .thenComparing(Find::form));
    look(where, bytes, finds);
    look(where + JOINED, joined(bytes), finds);
    if (bytes.length > 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b) {
      try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        finds.addAll(search(where + ", unpacked", in.readAllBytes()));
      } catch (IOException e) {
        // no gzip after all
      }
    }
    return List.copyOf(finds);
  }

  private static byte[] joined(byte[] bytes) {
    byte[] joined = new byte[bytes.length];
    int length = 0;
    for (byte b : bytes) {
      if (b > ' ' || b < 0) {
        joined[length++] = b;
      }
    }
    return Arrays.copyOf(joined, length);
  }

  private void look(String where, byte[] bytes, TreeSet<Find> finds) {
    if (bytes.length < WINDOW) {
      return;
    }
    long window = window(bytes, 0) >>> 8;
    for (int end = WINDOW - 1; end < bytes.length; end++) {
      window = (window << 8) | (bytes[end] & 0xff);
      List<Needle> begin = needles.get(window);
      if (begin != null) {
        int at = end - WINDOW + 1;
        for (Needle needle : begin) {
          if (at + needle.bytes().length <= bytes.length
              && Arrays.equals(
                  bytes,
                  at,
                  at + needle.bytes().length,
                  needle.bytes(),
                  0,
                  needle.bytes().length)) {
            finds.add(new Find(where, needle.secret(), needle.form()));
          }
        }
      }
    }
  }

  private static long window(byte[] bytes, int at) {
    long window = 0;
    for (int i = 0; i < WINDOW; i++) {
      window = (window << 8) | (bytes[at + i] & 0xff);
    }
    return window;
  }
}
