package io.countermand.app.config;

import io.countermand.app.config.Config.Console;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The keys below {@code console}. */
final class ConsoleKeys {

  private static final Pattern ORIGIN =
      Pattern.compile("https?://[a-z0-9.-]{1,253}(:[1-9][0-9]{0,4})?");

  private ConsoleKeys() {}

  /**
   * @param host what a host may look like
   */
  static Console read(ConfigSection console, Pattern host) {
    var users =
        console.<Optional<Path>>value(
            "users",
            Optional.empty(),
            "allowed: a path, or none",
            text -> text.equals("none") ? Optional.empty() : Optional.of(Path.of(text)));
    var origin =
        console.<Optional<URI>>value(
            "origin",
            Optional.empty(),
            "allowed: what browsers call it, as https://console.example, or none",
            ConsoleKeys::origin);
    boolean actions = console.value("actions", false, "allowed: true or false", ConsoleKeys::truth);
    if (actions && users.isEmpty()) {
      console.problem(
          "actions", "true, and nobody signs in", "set console.users, or actions to false");
    }
    return new Console(
        console.text("host", "127.0.0.1", host, "an address of this machine, as 127.0.0.1"),
        console.whole("port", 8090, 0, 65_535),
        users.orElse(null),
        origin.orElse(null),
        console.duration(
            "session-idle", Duration.ofMinutes(30), Duration.ofMinutes(1), Duration.ofHours(24)),
        console.duration(
            "session-longest", Duration.ofHours(12), Duration.ofMinutes(1), Duration.ofDays(7)),
        actions,
        console.duration("look-back", Duration.ofHours(24), KeyBinder.LEAST, Duration.ofDays(30)),
        console.whole("keep-cancels", 50_000, 1, 10_000_000),
        console.whole("keep-megabytes", 128, 1, 100_000),
        console.whole("keep-orders", 50_000, 1, 10_000_000),
        console.whole("streams", 20, 0, 10_000));
  }

  private static Optional<URI> origin(String text) {
    if (text.equals("none")) {
      return Optional.empty();
    }
    if (!ORIGIN.matcher(text).matches()) {
      throw new IllegalArgumentException("no origin");
    }
    return Optional.of(URI.create(text));
  }

  static boolean truth(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("neither");
    }
    return text.equals("true");
  }
}
