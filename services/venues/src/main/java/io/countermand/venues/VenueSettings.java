package io.countermand.venues;

import io.countermand.venues.limits.VenueGovernor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * One instance's settings.
 *
 * @param instance the venue's name in topics and order keys, such as {@code crosstrade-live}
 * @param baseUrl where the adapter's paths begin; a trailing slash makes no difference
 * @param options adapter's own keys, see {@link VenueProvider#options}
 * @param connectTimeout after which nothing was sent and the call is given up
 * @param clock for times in answers and for expiry
 * @param governor pauses of this credential; one for all instances that share it
 * @param http how its server is reached
 */
public record VenueSettings(
    String instance,
    URI baseUrl,
    Credentials credentials,
    Map<String, String> options,
    Duration connectTimeout,
    Clock clock,
    VenueGovernor governor,
    HttpSettings http) {

  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  public VenueSettings {
    options = Map.copyOf(options);
  }

  /** Reached as most are. */
  public VenueSettings(
      String instance,
      URI baseUrl,
      Credentials credentials,
      Map<String, String> options,
      Duration connectTimeout,
      Clock clock,
      VenueGovernor governor) {
    this(
        instance,
        baseUrl,
        credentials,
        options,
        connectTimeout,
        clock,
        governor,
        HttpSettings.DEFAULT);
  }

  public VenueSettings with(HttpSettings other) {
    return new VenueSettings(
        instance, baseUrl, credentials, options, connectTimeout, clock, governor, other);
  }

  /** With a governor of its own and the default connect timeout. */
  public static VenueSettings of(
      String instance,
      URI baseUrl,
      Credentials credentials,
      Map<String, String> options,
      Clock clock) {
    return new VenueSettings(
        instance,
        baseUrl,
        credentials,
        options,
        CONNECT_TIMEOUT,
        clock,
        new VenueGovernor(instance, clock, credentials.fingerprint()));
  }
}
