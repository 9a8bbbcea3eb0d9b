package io.countermand.simulator.request;

/** What a request asks for. */
public enum CallKind {
  CANCEL,
  /** Of all orders of an account. */
  MASS_CANCEL,
  STATUS,
  LOGIN,
  RENEW,
  /** Opens or reads a feed. */
  FEED,
  OTHER
}
