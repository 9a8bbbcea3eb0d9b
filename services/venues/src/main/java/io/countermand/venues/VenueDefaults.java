package io.countermand.venues;

import io.countermand.venues.limits.Rate;
import java.net.URI;
import java.time.Duration;

/**
 * An adapter's defaults, each to be overridden per instance.
 *
 * @param rate what the venue allows one credential, all desks together
 * @param concurrency calls in flight per desk
 * @param timeout for one whole exchange
 * @param confirmation how long an accepted cancel waits to be confirmed
 */
public record VenueDefaults(
    URI baseUrl, Rate rate, int concurrency, Duration timeout, Duration confirmation) {

  /** 8 calls in flight, 5 s for each, 10 s to be confirmed. */
  public static VenueDefaults of(String baseUrl, Rate rate) {
    return new VenueDefaults(
        URI.create(baseUrl), rate, 8, Duration.ofSeconds(5), Duration.ofSeconds(10));
  }
}
