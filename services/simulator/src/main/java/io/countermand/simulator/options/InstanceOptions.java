package io.countermand.simulator.options;

import java.time.Duration;
import java.util.Set;

/**
 * One venue instance.
 *
 * @param name the venue of its orders, and the first part of its paths
 * @param accounts the accounts there are; empty for any
 * @param settle from taking a cancel to carrying it out, where the venue answers before
 * @param tokenLife of a login's access token
 */
public record InstanceOptions(
    String name,
    VenueKind kind,
    Credentials credentials,
    Set<String> accounts,
    Latency latency,
    Latency settle,
    Limits limits,
    Duration tokenLife,
    FeedScript feed) {

  /** Faithful, without latency, limits off. */
  public static InstanceOptions of(String name, VenueKind kind) {
    return new InstanceOptions(
        name,
        kind,
        Credentials.DEFAULT,
        Set.of(),
        Latency.NONE,
        Latency.NONE,
        Limits.off(kind),
        tokenLife(kind),
        FeedScript.FAITHFUL);
  }

  private static Duration tokenLife(VenueKind kind) {
    return switch (kind) {
      case CADENZA -> Duration.ofHours(1);
      case NEURATRADE -> Duration.ofHours(24);
      default -> Duration.ofMinutes(90);
    };
  }

  public InstanceOptions withCredentials(Credentials credentials) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed);
  }

  public InstanceOptions withAccounts(Set<String> accounts) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed);
  }

  public InstanceOptions withLatency(Latency latency) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed);
  }

  public InstanceOptions withSettle(Latency settle) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed);
  }

  public InstanceOptions withLimits(Limits limits) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed);
  }

  public InstanceOptions withTokenLife(Duration tokenLife) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed);
  }

  public InstanceOptions withFeed(FeedScript feed) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed);
  }
}
