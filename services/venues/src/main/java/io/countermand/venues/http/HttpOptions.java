package io.countermand.venues.http;

import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueSettings;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What every venue's options may say of the way to it.
 *
 * @param headers sent with each call and handshake, User-Agent among them; no secrets
 * @param pathPrefix instead of the prefix that the venue's documents name; null: as they name it
 * @param traceparent whether the venue is told our trace
 */
public record HttpOptions(
    Duration connectTimeout,
    Map<String, String> headers,
    @Nullable String pathPrefix,
    boolean traceparent) {

  private static final String CONNECT = "connect-timeout";
  private static final String HEADERS = "headers";
  private static final String PREFIX = "path-prefix";
  private static final String TRACE = "traceparent";
  private static final String USER_AGENT = "User-Agent";
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration MOST = Duration.ofMinutes(5);

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

  /** What the call itself decides on, or must not be shown. */
  private static final Set<String> OURS =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "content-type",
          "cookie",
          "expect",
          "host",
          "traceparent",
          "transfer-encoding",
          "upgrade");

  /** The options of a venue, its own first. */
  public static List<VenueOption> and(VenueOption... own) {
    List<VenueOption> options = new ArrayList<>(List.of(own));
    options.add(new VenueOption(CONNECT, "ISO 8601 duration, PT0.001S to PT5M", null));
    options.add(
        new VenueOption(HEADERS, "sent with each call, as Name: value; Other: value", null));
    options.add(
        new VenueOption(PREFIX, "in place of the documented one, as /gateway/v3 or empty", null));
    options.add(
        new VenueOption(TRACE, "on or off: whether the venue is sent our traceparent", "off"));
    return List.copyOf(options);
  }

  /**
   * @throws IllegalArgumentException naming the option that is wrong
   */
  public static HttpOptions of(VenueSettings settings) {
    Map<String, String> given = settings.options();
    return new HttpOptions(
        connectTimeout(given.get(CONNECT), settings.connectTimeout()),
        headers(given.getOrDefault(HEADERS, "")),
        prefix(given.get(PREFIX)),
        trace(given.getOrDefault(TRACE, "off")));
  }

  private static Duration connectTimeout(@Nullable String text, Duration usual) {
    if (text == null) {
      return usual;
    }
    try {
      Duration timeout = Duration.parse(text);
      if (timeout.compareTo(LEAST) >= 0 && timeout.compareTo(MOST) <= 0) {
        return timeout;
      }
    } catch (DateTimeParseException e) {
      // told below
    }
    throw wrong(CONNECT, "must be an ISO 8601 duration from PT0.001S to PT5M");
  }

  private static Map<String, String> headers(String text) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put(USER_AGENT, "Countermand");
    for (String header : text.isBlank() ? new String[0] : text.split(";", -1)) {
      String[] parts = header.split(":", 2);
      String name = parts[0].strip();
      String value = parts.length < 2 ? "" : parts[1].strip();
      if (!TOKEN.matcher(name).matches()
          || OURS.contains(name.toLowerCase(Locale.ROOT))
          || value.isEmpty()
          || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
        throw wrong(HEADERS, "must be like Name: value; Other: value, and none of " + OURS);
      }
      headers.put(name, value);
    }
    return Collections.unmodifiableMap(headers);
  }

  private static @Nullable String prefix(@Nullable String text) {
    if (text != null && !PATH.matcher(text).matches()) {
      throw wrong(PREFIX, "must be like /gateway/v3, or empty");
    }
    return text;
  }

  private static boolean trace(String text) {
    return switch (text) {
      case "on", "true" -> true;
      case "off", "false" -> false;
      default -> throw wrong(TRACE, "must be on or off");
    };
  }

  private static IllegalArgumentException wrong(String option, String text) {
    return new IllegalArgumentException("option '%s' %s".formatted(option, text));
  }
}
