package io.countermand.venues.http.transport;

/** How one HTTP exchange ended. */
public sealed interface Exchange {

  record Complete(HttpReply reply) implements Exchange {}

  /** No connection: certainly nothing was sent. */
  record NotConnected(String why) implements Exchange {}

  /** It may have been sent, and no complete answer came. */
  record Broken(String why) implements Exchange {}
}
