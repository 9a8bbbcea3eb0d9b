package io.countermand.app.config;

import io.countermand.app.config.Config.SimulatedLatency;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values from their text; each throws IllegalArgumentException for text that is none. */
public final class ValueParsers {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,12}) ?(ms|s|m|h|d)");
  private static final Pattern RATE = Pattern.compile("(\\d{1,9}) ?/ ?(s|m|h|d)");

  private ValueParsers() {}

  /** {@code 250ms}, {@code 10s}, {@code 5m}, {@code 24h}, {@code 30d}, or ISO-8601. */
  public static Duration duration(String text) {
    Matcher simple = DURATION.matcher(text);
    if (simple.matches()) {
      return unit(simple.group(2)).multipliedBy(Long.parseLong(simple.group(1)));
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no duration", e);
    }
  }

  /** The shortest text that {@link #duration} reads. */
  public static String show(Duration duration) {
    for (String unit : List.of("d", "h", "m", "s")) {
      long millis = unit(unit).toMillis();
      if (duration.toMillis() % millis == 0 && duration.toMillis() >= millis) {
        return duration.toMillis() / millis + unit;
      }
    }
    return duration.toMillis() + "ms";
  }

  private static Duration unit(String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> throw new IllegalArgumentException("no unit: " + unit);
    };
  }

  /** Calls per period, from {@code 3/s}. */
  record Pace(long permits, Duration period) {}

  static Pace pace(String text) {
    Matcher matcher = RATE.matcher(text);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw new IllegalArgumentException("no rate");
    }
    return new Pace(Long.parseLong(matcher.group(1)), unit(matcher.group(2)));
  }

  /** A place to call: scheme, host, perhaps a path; no user, since that would be a secret. */
  static URI url(String text, List<String> schemes) {
    try {
      URI url = new URI(text);
      if (url.getScheme() == null
          || !schemes.contains(url.getScheme())
          || url.getHost() == null
          || url.getUserInfo() != null
          || url.getQuery() != null
          || url.getFragment() != null) {
        throw new IllegalArgumentException("no URL of a place");
      }
      return url;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no URL", e);
    }
  }

  /** {@code fixed 5ms}, {@code uniform 1ms 20ms} or {@code lognormal 5ms 0.5}. */
  static SimulatedLatency latency(String text) {
    String[] words = text.split(" +", -1);
    return switch (words[0] + " " + (words.length - 1)) {
      case "fixed 1" -> new SimulatedLatency.Fixed(delay(words[1]));
      case "uniform 2" -> new SimulatedLatency.Uniform(delay(words[1]), delay(words[2]));
      case "lognormal 2" -> new SimulatedLatency.LogNormal(delay(words[1]), sigma(words[2]));
      default -> throw new IllegalArgumentException("no latency");
    };
  }

  private static Duration delay(String text) {
    Duration delay = duration(text);
    if (delay.isNegative()) {
      throw new IllegalArgumentException("negative");
    }
    return delay;
  }

  private static double sigma(String text) {
    double sigma = Double.parseDouble(text);
    if (!(sigma >= 0 && sigma <= 3)) {
      throw new IllegalArgumentException("sigma out of range");
    }
    return sigma;
  }
}
