package io.countermand.app.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the values below one key; a wrong one becomes a problem, and its default goes on. */
record ConfigSection(String prefix, ConfigLayers layers, List<ConfigProblem> problems) {

  private static final int LONGEST_SHOWN = 80;

  ConfigSection in(String name) {
    return new ConfigSection(key(name), layers, problems);
  }

  String key(String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }

  int whole(String name, int fallback, int least, int most) {
    return value(
        name,
        fallback,
        "allowed: a whole number from " + least + " to " + most,
        text -> inRange(Integer.parseInt(text), least, most));
  }

  long wholeLong(String name, long fallback) {
    return value(name, fallback, "allowed: a whole number", Long::parseLong);
  }

  Duration duration(String name, Duration fallback, Duration least, Duration most) {
    return value(
        name,
        fallback,
        "allowed: a time from %s to %s, such as 250ms, 10s, 5m, 24h or 30d"
            .formatted(ValueParsers.show(least), ValueParsers.show(most)),
        text -> inRange(ValueParsers.duration(text), least, most));
  }

  String text(String name, String fallback, Pattern pattern, String allowed) {
    return value(
        name,
        fallback,
        "allowed: " + allowed,
        text -> {
          if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("does not match");
          }
          return text;
        });
  }

  /** Null: none. */
  @Nullable Path path(String name) {
    return this.<Optional<Path>>value(
            name,
            Optional.empty(),
            "allowed: a path, or none",
            text -> text.equals("none") ? Optional.empty() : Optional.of(Path.of(text)))
        .orElse(null);
  }

  /**
   * @param parser throws IllegalArgumentException for a text that is not allowed
   */
  <T> T value(String name, T fallback, String allowed, Function<String, T> parser) {
    return find(name, allowed, parser).orElse(fallback);
  }

  /** Empty when it is not given, or wrong. */
  <T> Optional<T> find(String name, String allowed, Function<String, T> parser) {
    Optional<ConfigValue> given = layers.find(key(name));
    if (given.isPresent()) {
      try {
        if (!given.get().list()) {
          return Optional.of(parser.apply(given.get().text().strip()));
        }
      } catch (IllegalArgumentException | ArithmeticException e) {
        // Told below, without the exception's words: they would quote the value at any length.
      }
      problem(name, shown(given.get()), allowed);
    }
    return Optional.empty();
  }

  void problem(String name, String found, String allowed) {
    problems.add(new ConfigProblem(key(name), found, allowed, layers.where(key(name))));
  }

  private static String shown(ConfigValue given) {
    if (given.list()) {
      return "found a list";
    }
    // What stands before an '@' or after a '?' may be a password.
    String text =
        given
            .text()
            .replaceAll("\\p{Cntrl}", " ")
            .replaceAll(".*@", "***@")
            .replaceAll("\\?.*", "?***");
    return "found '"
        + (text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text)
        + "'";
  }

  private static <C extends Comparable<C>> C inRange(C value, C least, C most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }
}
