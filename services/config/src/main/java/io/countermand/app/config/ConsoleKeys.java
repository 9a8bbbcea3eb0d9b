package io.countermand.app.config;

import io.countermand.app.config.Config.Console;
import io.countermand.app.config.Config.ConsoleOidc;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys below {@code console}. */
final class ConsoleKeys {

  private static final Pattern ORIGIN =
      Pattern.compile("https?://[a-z0-9.-]{1,253}(:[1-9][0-9]{0,4})?");

  private static final Pattern CLIENT = Pattern.compile("[\\x21-\\x7e]{1,256}");
  private static final Pattern SCOPES = Pattern.compile("openid( [\\x21\\x23-\\x5b\\x5d-\\x7e]+)*");

  /** As tokens may have them; {@code oidc:} is ours. */
  private static final Pattern NAMES = Pattern.compile("[^\\s:,]{1,128}( +[^\\s:,]{1,128})*");

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
    @Nullable ConsoleOidc oidc = oidc(console.in("oidc"));
    if (actions && users.isEmpty() && oidc == null) {
      console.problem(
          "actions",
          "true, and nobody signs in",
          "set console.users or console.oidc, or actions to false");
    }
    ConfigSection kill = console.in("kill");
    return new Console(
        console.text("host", "127.0.0.1", host, "an address of this machine, as 127.0.0.1"),
        console.whole("port", 8090, 0, 65_535),
        users.orElse(null),
        oidc,
        origin.orElse(null),
        console.duration(
            "session-idle", Duration.ofMinutes(30), Duration.ofMinutes(1), Duration.ofHours(24)),
        console.duration(
            "session-longest", Duration.ofHours(12), Duration.ofMinutes(1), Duration.ofDays(7)),
        actions,
        kill.value("second-person", false, "allowed: true or false", ConsoleKeys::truth),
        kill.duration(
            "confirm-within", Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofHours(1)),
        console.duration("look-back", Duration.ofHours(24), KeyBinder.LEAST, Duration.ofDays(30)),
        console.whole("keep-cancels", 50_000, 1, 10_000_000),
        console.whole("keep-megabytes", 128, 1, 100_000),
        console.whole("keep-orders", 50_000, 1, 10_000_000),
        console.whole("streams", 20, 0, 10_000),
        console.path("reports"));
  }

  /** Null: no issuer is set. */
  private static @Nullable ConsoleOidc oidc(ConfigSection oidc) {
    Optional<String> issuer = DoorKeys.issuer(oidc);
    String client =
        oidc.text("client-id", "none", CLIENT, "1 to 256 ASCII signs without spaces, or none");
    if (issuer.isPresent() && client.equals("none")) {
      oidc.problem("client-id", "none, and an issuer is set", "name what the issuer calls it");
    }
    var read =
        new ConsoleOidc(
            issuer.orElse(""),
            client,
            oidc.path("client-secret-file"),
            oidc.text("scopes", "openid", SCOPES, "words with spaces between, openid the first"),
            oidc.text("roles-claim", "countermand_roles", DoorKeys.CLAIM, DoorKeys.CLAIMS),
            oidc.text("name-claim", "sub", DoorKeys.CLAIM, DoorKeys.CLAIMS),
            oidc.value(
                "names",
                Set.of(),
                "allowed: names with spaces between, or any",
                ConsoleKeys::names),
            oidc.duration(
                "keep-keys", Duration.ofHours(24), Duration.ofHours(1), Duration.ofDays(30)),
            oidc.path("authorities"));
    return issuer.isEmpty() ? null : read;
  }

  /** Empty: any. */
  private static Set<String> names(String text) {
    if (!NAMES.matcher(text).matches()) {
      throw new IllegalArgumentException("no names");
    }
    return text.equals("any") ? Set.of() : Set.copyOf(List.of(text.split(" +")));
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
