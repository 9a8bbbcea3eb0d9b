package io.countermand.venues;

import io.countermand.venues.limits.Rate;
import java.net.URI;
import java.time.Duration;

/**
 * An adapter's defaults, each to be overridden per instance.
 *
 * @param rate what the venue allows one credential, all its workers together
 * @param concurrency calls in flight per worker
 * @param timeout for one whole exchange
 * @param confirmation how long an accepted cancel waits to be confirmed
 */
public record VenueDefaults(
    URI baseUrl, Rate rate, int concurrency, Duration timeout, Duration confirmation) {}
