package io.countermand.app.config;

import io.countermand.app.config.Config.Door;
import io.countermand.app.config.Config.Oidc;
import io.countermand.oidc.Issuer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys below {@code door}. */
final class DoorKeys {

  private static final Pattern AUDIENCE = Pattern.compile("[\\x21-\\x7e]{1,256}");
  static final Pattern CLAIM = Pattern.compile("[A-Za-z0-9_.:/-]{1,200}");
  static final String CLAIMS = "1 to 200 of letters, digits, '_', '.', ':', '/' and '-'";

  private DoorKeys() {}

  /**
   * @param host what a host may look like
   */
  static Door read(ConfigSection door, Pattern host) {
    @Nullable Path tokens =
        door.<Optional<Path>>value(
                "tokens",
                Optional.of(Path.of("door-tokens")),
                "allowed: a path, or none",
                DoorKeys::path)
            .orElse(null);
    @Nullable Oidc oidc = oidc(door.in("oidc"));
    if (tokens == null && oidc == null) {
      door.problem("tokens", "none, and no door.oidc.issuer", "set one of them, or both");
    }
    return new Door(
        door.text("host", "127.0.0.1", host, "a host name or address, 0.0.0.0 for all"),
        door.whole("port", 8088, 0, 65_535),
        tokens,
        oidc,
        door.path("tls-keystore"),
        door.path("tls-password-file"),
        door.whole("requests-per-second", 100, 1, 1_000_000),
        door.whole("keep-outcomes", 100_000, 1, 10_000_000),
        door.whole("keep-orders", 100_000, 1, 10_000_000),
        door.whole("open-cancels", 20_000, 1, 1_000_000),
        door.whole("streams", 20, 0, 10_000));
  }

  /** Null: no issuer is set. */
  private static @Nullable Oidc oidc(ConfigSection oidc) {
    Optional<String> issuer = issuer(oidc);
    Optional<String> audience =
        oidc.value(
            "audience",
            Optional.empty(),
            "allowed: 1 to 256 signs without spaces, or none",
            text -> {
              if (!AUDIENCE.matcher(text).matches()) {
                throw new IllegalArgumentException("does not match");
              }
              return text.equals("none") ? Optional.empty() : Optional.of(text);
            });
    if (issuer.isPresent() && audience.isEmpty()) {
      oidc.problem(
          "audience",
          "none, and an issuer is set",
          "name what the issuer writes into `aud` of tokens for this door");
    }
    var read =
        new Oidc(
            issuer.orElse(""),
            audience.orElse(""),
            oidc.text("verbs-claim", "countermand_verbs", CLAIM, CLAIMS),
            oidc.text("accounts-claim", "countermand_accounts", CLAIM, CLAIMS),
            oidc.text("name-claim", "sub", CLAIM, CLAIMS),
            oidc.duration(
                "keep-keys", Duration.ofHours(24), Duration.ofHours(1), Duration.ofDays(30)),
            oidc.duration(
                "longest-life", Duration.ofHours(24), Duration.ofMinutes(1), Duration.ofDays(365)),
            oidc.path("authorities"));
    return issuer.isEmpty() ? null : read;
  }

  /** As it is written: tokens must have the same. Empty: none. */
  static Optional<String> issuer(ConfigSection oidc) {
    return oidc.value(
        "issuer",
        Optional.empty(),
        "allowed: an https URL without user, query and fragment, as"
            + " https://login.example/realms/desk (http: this machine's only), or none",
        DoorKeys::issuer);
  }

  private static Optional<String> issuer(String text) {
    if (text.equals("none")) {
      return Optional.empty();
    }
    URI url = ValueParsers.url(text, List.of("https", "http"));
    if (!Issuer.secure(url)) {
      throw new IllegalArgumentException("http, and not of this machine");
    }
    return Optional.of(text);
  }

  private static Optional<Path> path(String text) {
    return text.equals("none") ? Optional.empty() : Optional.of(Path.of(text));
  }
}
