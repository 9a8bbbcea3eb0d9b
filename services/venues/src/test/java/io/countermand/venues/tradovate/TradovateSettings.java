package io.countermand.venues.tradovate;

import io.countermand.venues.Credentials;
import io.countermand.venues.VenueSettings;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/** Settings and token answers of the tests. */
final class TradovateSettings {

  private TradovateSettings() {}

  static VenueSettings of(String url, Map<String, String> options, Clock clock) {
    return VenueSettings.of(
        "tv",
        URI.create(url),
        Credentials.of(
            Map.of("name", "user", "password", "pass-word", "cid", "8", "sec", "sec-ret")),
        options,
        clock);
  }

  static String token(String token, Instant expires) {
    return "{\"accessToken\":\"%s\",\"expirationTime\":\"%s\",\"userId\":1,\"hasLive\":true}"
        .formatted(token, expires);
  }
}
