package io.countermand.simulator;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.websocket.api.Session;

/** A venue instance at work: its API, its feed, its pace. */
final class Instance {

  private final InstanceOptions options;
  private final Doubts doubts;
  private final VenueApi api;
  private final Feed feed;
  private final RandomGenerator random;
  private final Set<Session> sockets = ConcurrentHashMap.newKeySet();

  Instance(
      InstanceOptions options, Doubts doubts, VenueApi api, Feed feed, RandomGenerator random) {
    this.options = options;
    this.doubts = doubts;
    this.api = api;
    this.feed = feed;
    this.random = random;
  }

  InstanceOptions options() {
    return options;
  }

  Doubts doubts() {
    return doubts;
  }

  VenueApi api() {
    return api;
  }

  Feed feed() {
    return feed;
  }

  /** The open WebSockets. */
  Set<Session> sockets() {
    return sockets;
  }

  Duration latency() {
    return sample(options.latency());
  }

  Duration settle() {
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
