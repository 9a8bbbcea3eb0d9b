package io.countermand.kafka.trace;

/**
 * Takes what becomes of sampled traces. Implementations are thread-safe, never block and never
 * throw: a desk's stream thread calls them on the way to the venue.
 */
@FunctionalInterface
public interface Hops {

  /** Nobody wants to know. */
  Hops NONE = _ -> {};

  void took(Hop hop);
}
