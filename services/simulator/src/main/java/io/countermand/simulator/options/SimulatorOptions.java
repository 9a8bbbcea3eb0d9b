package io.countermand.simulator.options;

import io.countermand.domain.order.OrderEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/**
 * What to simulate.
 *
 * @param host the address to listen on
 * @param port 0 for a free one
 * @param listener hears every order event of every feed; must not block
 * @param clock the venues' clock: times, token expiry, rate limits
 * @param seed of latencies, random faults and feeds
 */
public record SimulatorOptions(
    String host,
    int port,
    List<InstanceOptions> instances,
    Consumer<OrderEvent> listener,
    JournalOptions journal,
    InstantSource clock,
    long seed) {

  /** Only processes of this machine reach it. */
  public static final String LOOPBACK = "127.0.0.1";

  public static SimulatorOptions of(List<InstanceOptions> instances) {
    return new SimulatorOptions(
        LOOPBACK, 0, instances, event -> {}, JournalOptions.MEMORY, InstantSource.system(), 1);
  }

  /** One instance of each kind, named as its adapter. */
  public static SimulatorOptions everyVenue() {
    return of(
        List.of(VenueKind.values()).stream()
            .map(kind -> InstanceOptions.of(kind.adapter(), kind))
            .toList());
  }

  /** One instance, named as its adapter. */
  public static SimulatorOptions of(VenueKind kind) {
    return of(List.of(InstanceOptions.of(kind.adapter(), kind)));
  }

  public SimulatorOptions withHost(String host) {
    return new SimulatorOptions(host, port, instances, listener, journal, clock, seed);
  }

  public SimulatorOptions withPort(int port) {
    return new SimulatorOptions(host, port, instances, listener, journal, clock, seed);
  }

  public SimulatorOptions withListener(Consumer<OrderEvent> listener) {
    return new SimulatorOptions(host, port, instances, listener, journal, clock, seed);
  }

  public SimulatorOptions withJournal(JournalOptions journal) {
    return new SimulatorOptions(host, port, instances, listener, journal, clock, seed);
  }

  public SimulatorOptions withClock(InstantSource clock) {
    return new SimulatorOptions(host, port, instances, listener, journal, clock, seed);
  }

  /** The same venues, each of which behaves in one of the plausible ways, drawn from the seed. */
  public SimulatorOptions doubting() {
    var doubting =
        instances.stream()
            .map(one -> one.withDoubts(Doubt.drawn(one.kind(), one.name(), seed)))
            .toList();
    return new SimulatorOptions(host, port, doubting, listener, journal, clock, seed);
  }

  public SimulatorOptions withSeed(long seed) {
    return new SimulatorOptions(host, port, instances, listener, journal, clock, seed);
  }
}
