package io.countermand.simulator.options;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a venue takes, half of it before the effect and half after. */
public sealed interface Latency {

  Latency NONE = new Fixed(Duration.ZERO);

  Duration sample(RandomGenerator random);

  static Latency fixed(Duration each) {
    return new Fixed(each);
  }

  static Latency uniform(Duration from, Duration to) {
    return new Uniform(from, to);
  }

  /**
   * @param sigma of the logarithm: 0.5 makes p99 about 3.2 medians
   */
  static Latency logNormal(Duration median, double sigma) {
    return new LogNormal(median, sigma);
  }

  /**
   * From {@code 5ms}, {@code 1ms..20ms} or {@code 5ms~0.5} (log-normal: median and sigma).
   *
   * @throws IllegalArgumentException for another form
   */
  static Latency parse(String text) {
    if (text.contains("..")) {
      var ends = text.split("\\.\\.", 2);
      return uniform(duration(ends[0]), duration(ends[1]));
    }
    if (text.contains("~")) {
      var parts = text.split("~", 2);
      return logNormal(duration(parts[0]), Double.parseDouble(parts[1]));
    }
    return fixed(duration(text));
  }

  private static Duration duration(String text) {
    var trimmed = text.trim();
    for (var unit : new String[] {"us", "ms", "s"}) {
      if (trimmed.endsWith(unit)) {
        long count = Long.parseLong(trimmed.substring(0, trimmed.length() - unit.length()).trim());
        return switch (unit) {
          case "us" -> Duration.ofNanos(count * 1_000);
          case "ms" -> Duration.ofMillis(count);
          default -> Duration.ofSeconds(count);
        };
      }
    }
    throw new IllegalArgumentException("not a latency: " + text);
  }

  record Fixed(Duration each) implements Latency {
    @Override
    public Duration sample(RandomGenerator random) {
      return each;
    }
  }

  record Uniform(Duration from, Duration to) implements Latency {
    public Uniform {
      if (from.isNegative() || to.compareTo(from) < 0) {
        throw new IllegalArgumentException("latency from " + from + " to " + to);
      }
    }

    @Override
    public Duration sample(RandomGenerator random) {
      return Duration.ofNanos(random.nextLong(from.toNanos(), to.toNanos() + 1));
    }
  }

  record LogNormal(Duration median, double sigma) implements Latency {
    @Override
    public Duration sample(RandomGenerator random) {
      return Duration.ofNanos((long) (median.toNanos() * Math.exp(sigma * random.nextGaussian())));
    }
  }
}
