package io.countermand.domain;

/** Who decided an outcome. */
public enum DecidedBy {
  DEADLINE,
  DESK,
  VENUE,
  ORDER_EVENTS
}
