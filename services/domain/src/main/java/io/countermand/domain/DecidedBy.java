package io.countermand.domain;

/** Who decided an outcome. */
public enum DecidedBy {
  DEADLINE,
  GATE,
  VENUE,
  ORDER_EVENTS
}
