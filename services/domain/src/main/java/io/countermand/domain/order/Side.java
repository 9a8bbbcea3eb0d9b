package io.countermand.domain.order;

/** FIX Side (tag 54), as far as a scope asks: a sell of any kind is a SELL. */
public enum Side {
  UNKNOWN,
  BUY,
  SELL
}
