package io.countermand.simulator.options;

import io.countermand.domain.order.OrdStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * One venue instance.
 *
 * @param name the venue of its orders, and the first part of its paths
 * @param accounts the accounts there are; empty for any
 * @param settle from taking a cancel to carrying it out, where the venue answers before
 * @param tokenLife of a login's access token
 * @param doubts where nobody says how the venue behaves: what it does otherwise than usual here
 */
public record InstanceOptions(
    String name,
    VenueKind kind,
    SimulatedCredentials credentials,
    Set<String> accounts,
    Latency latency,
    Latency settle,
    SimulatedLimits limits,
    Duration tokenLife,
    FeedScript feed,
    Set<Doubt> doubts) {

  /** Faithful, without latency, limits off. */
  public static InstanceOptions of(String name, VenueKind kind) {
    return new InstanceOptions(
        name,
        kind,
        SimulatedCredentials.DEFAULT,
        Set.of(),
        Latency.NONE,
        Latency.NONE,
        SimulatedLimits.off(kind),
        tokenLife(kind),
        FeedScript.FAITHFUL,
        Set.of());
  }

  private static Duration tokenLife(VenueKind kind) {
    return switch (kind) {
      case CADENZA -> Duration.ofHours(1);
      case NEURATRADE -> Duration.ofHours(24);
      default -> Duration.ofMinutes(90);
    };
  }

  public InstanceOptions withCredentials(SimulatedCredentials credentials) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed, doubts);
  }

  public InstanceOptions withAccounts(Set<String> accounts) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed, doubts);
  }

  public InstanceOptions withLatency(Latency latency) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed, doubts);
  }

  public InstanceOptions withSettle(Latency settle) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed, doubts);
  }

  public InstanceOptions withLimits(SimulatedLimits limits) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed, doubts);
  }

  public InstanceOptions withTokenLife(Duration tokenLife) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed, doubts);
  }

  public InstanceOptions withFeed(FeedScript feed) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed, doubts);
  }

  public InstanceOptions withDoubts(Set<Doubt> doubts) {
    return new InstanceOptions(
        name, kind, credentials, accounts, latency, settle, limits, tokenLife, feed, doubts);
  }

  /** Whether the venue behaves so; see there. */
  public boolean doubts(Doubt doubt) {
    return doubts.contains(doubt);
  }

  /** The venue's own word for a status. */
  public String word(OrdStatus status) {
    var word = kind.word(status);
    if (doubts(Doubt.STATES_IN_WORDS)) {
      return word.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
    return doubts(Doubt.FILLED_IS_COMPLETED) && status == OrdStatus.FILLED ? "Completed" : word;
  }
}
