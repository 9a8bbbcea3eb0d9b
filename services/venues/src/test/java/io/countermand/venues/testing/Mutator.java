package io.countermand.venues.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spoils bodies: by bytes, by JSON tokens, and whole. The same seed spoils alike. */
public final class Mutator {

  private static final Pattern TOKEN =
      Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|-?[0-9.eE+]+|true|false|null|[{}\\[\\],:]");

  private static final List<String> VALUES =
      List.of(
          "true",
          "false",
          "null",
          "0",
          "-1",
          "200",
          "1e400",
          "-0.0",
          "9223372036854775808",
          "1E+999999999",
          "\"\"",
          "\"CANCELLED\"",
          "\"CANCELED\"",
          "\"Canceled\"",
          "\"Success\"",
          "\"success\"",
          "\"FILLED\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"<html>\"",
          "{}",
          "[]",
          "[[[[[[[[]]]]]]]]",
          "{\"a\":1,\"a\":2}");

  private static final List<String> WHOLES =
      List.of(
          "",
          " ",
          "null",
          "true",
          "[]",
          "{}",
          "OK",
          "<!DOCTYPE html><html><body>502</body></html>",
          "\ufeff{}",
          "{\"success\":true}",
          "{\"status\":\"success\"}",
          "[".repeat(5000),
          "\u0000\u0001",
          "{\"x\":\"" + "y".repeat(20_000) + "\"}",
          "1".repeat(3000),
          "\"" + "\\".repeat(99));

  private final Random random;

  public Mutator(Random random) {
    this.random = random;
  }

  public byte[] spoil(String body, List<String> others) {
    int how = random.nextInt(20);
    if (how == 0) {
      return pick(WHOLES).getBytes(StandardCharsets.UTF_8);
    }
    if (how == 1) {
      return body.getBytes(StandardCharsets.UTF_16);
    }
    if (how == 2) {
      return (body + pick(others)).getBytes(StandardCharsets.UTF_8);
    }
    if (how < 8) {
      return bytes(body.getBytes(StandardCharsets.UTF_8));
    }
    String spoilt = body;
    for (int i = random.nextInt(3); i >= 0; i--) {
      spoilt = tokens(spoilt);
    }
    return spoilt.getBytes(StandardCharsets.UTF_8);
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** Cut, flipped, doubled or torn out. */
  private byte[] bytes(byte[] body) {
    if (body.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int from = random.nextInt(body.length);
    int to = Math.min(body.length, from + 1 + random.nextInt(16));
    ByteArrayOutputStream spoilt = new ByteArrayOutputStream();
    spoilt.write(body, 0, from);
    switch (random.nextInt(4)) {
      case 0 -> {
        return spoilt.toByteArray();
      }
      case 1 -> {
        spoilt.write(body[from] ^ (1 << random.nextInt(8)));
        spoilt.write(body, from + 1, body.length - from - 1);
      }
      case 2 -> spoilt.write(body, to, body.length - to);
      default -> {
        spoilt.write(body, from, to - from);
        spoilt.write(body, from, body.length - from);
      }
    }
    return spoilt.toByteArray();
  }

  /** One JSON token replaced, removed, doubled or swapped with another. */
  private String tokens(String body) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(body);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    if (tokens.isEmpty()) {
      return pick(WHOLES);
    }
    int at = random.nextInt(tokens.size());
    switch (random.nextInt(6)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.add(at, tokens.get(at));
      case 2 -> {
        int other = random.nextInt(tokens.size());
        String token = tokens.set(at, tokens.get(other));
        tokens.set(other, token);
      }
      default -> tokens.set(at, pick(VALUES));
    }
    return String.join(random.nextBoolean() ? "" : " ", tokens);
  }
}
