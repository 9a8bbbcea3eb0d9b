package io.countermand.simulator.book;

import io.countermand.domain.order.OrdStatus;

/** What a request did to the book. */
public enum Effect {
  CANCELED_NOW,
  /** Taken: the order is cancelled later, unless it fills before. */
  CANCEL_PENDING,
  /** Scripted: the order filled while the cancel was on its way. */
  FILLED_FIRST,
  ALREADY_PENDING,
  ALREADY_CANCELED,
  ALREADY_FILLED,
  ALREADY_REJECTED,
  ALREADY_EXPIRED,
  /** No such order. */
  UNKNOWN,
  NONE;

  static Effect already(OrdStatus terminal) {
    return switch (terminal) {
      case FILLED -> ALREADY_FILLED;
      case REJECTED -> ALREADY_REJECTED;
      case EXPIRED -> ALREADY_EXPIRED;
      default -> ALREADY_CANCELED;
    };
  }

  /** Whether the venue took the cancel. */
  public boolean taken() {
    return switch (this) {
      case CANCELED_NOW, CANCEL_PENDING, FILLED_FIRST -> true;
      default -> false;
    };
  }
}
