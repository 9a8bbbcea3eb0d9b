package io.countermand.simulator.venue;

import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.Latency;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.websocket.api.Session;

/** A venue instance at work: its API, its feed, its pace. */
public final class Instance {

  private final InstanceOptions options;
  private final Accepted accepted;
  private final VenueApi api;
  private final SimulatedFeed feed;
  private final RandomGenerator random;
  private final Set<Session> sockets = ConcurrentHashMap.newKeySet();

  public Instance(
      InstanceOptions options,
      Accepted accepted,
      VenueApi api,
      SimulatedFeed feed,
      RandomGenerator random) {
    this.options = options;
    this.accepted = accepted;
    this.api = api;
    this.feed = feed;
    this.random = random;
  }

  public InstanceOptions options() {
    return options;
  }

  /** Whom it lets in. */
  public Accepted accepted() {
    return accepted;
  }

  public VenueApi api() {
    return api;
  }

  public SimulatedFeed feed() {
    return feed;
  }

  /** The open WebSockets. */
  public Set<Session> sockets() {
    return sockets;
  }

  public Duration latency() {
    return sample(options.latency());
  }

  public Duration settle() {
    return sample(options.settle());
  }

  private Duration sample(Latency latency) {
    if (latency instanceof Latency.Fixed fixed) {
      return fixed.each();
    }
    synchronized (random) {
      return latency.sample(random);
    }
  }
}
