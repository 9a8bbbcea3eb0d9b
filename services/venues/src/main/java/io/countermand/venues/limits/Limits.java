package io.countermand.venues.limits;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One budget and one governor per credential, so that instances which authenticate alike
 * (CrossTrade REST and WebSocket) share both. Thread-safe.
 */
public final class Limits {

  /** What all instances of one credential share. */
  public record Shared(Budget budget, VenueGovernor governor) {}

  private final Clock clock;
  private final Map<Object, Shared> byCredential = new ConcurrentHashMap<>();

  public Limits(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param name for people; the first instance's name stays
   * @param credential equal for instances that share: {@code Credentials} as they are
   * @param rate as the first instance says; later ones take what is there
   */
  public Shared of(String name, Object credential, Rate rate) {
    return byCredential.computeIfAbsent(
        credential,
        key -> {
          String print = key instanceof Fingerprinted known ? known.fingerprint() : null;
          return new Shared(new Budget(rate, clock), new VenueGovernor(name, clock, print));
        });
  }
}
