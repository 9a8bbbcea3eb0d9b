package io.countermand.domain;

import io.countermand.domain.order.OrdStatus;

/** Why an outcome is what it is, in words that stay stable across venues (schema: Reason). */
public enum Reason {
  OTHER,
  CONFIRMED_BY_VENUE,
  CONFIRMED_BY_ORDER_EVENT,
  CONFIRMED_BY_STATUS,
  NOT_CONFIRMED,
  MALFORMED,
  UNKNOWN_VENUE,
  DEADLINE_PASSED,
  ORDER_FILLED,
  ORDER_CANCELED,
  ORDER_REJECTED,
  ORDER_EXPIRED,
  ORDER_NOT_OPEN,
  UNKNOWN_ORDER,
  INVALID_REQUEST,
  ACCOUNT_REFUSED,
  UNSUPPORTED,
  VENUE_REFUSED,
  UNAUTHORIZED,
  RATE_LIMITED,
  VENUE_UNAVAILABLE,
  NO_ANSWER,
  UNCLEAR_ANSWER,
  LEADER_STILL_OPEN,
  TOO_MANY_PENDING,
  QUEUE_FULL;

  /** The reason that tells how an order ended; {@link #ORDER_NOT_OPEN} for a state not terminal. */
  public static Reason ofEnded(OrdStatus status) {
    return switch (status) {
      case FILLED -> ORDER_FILLED;
      case CANCELED -> ORDER_CANCELED;
      case REJECTED -> ORDER_REJECTED;
      case EXPIRED -> ORDER_EXPIRED;
      default -> ORDER_NOT_OPEN;
    };
  }

  /** The FIX CxlRejReason that goes with this reason of a rejection. */
  public CxlRejReason cxlRejReason() {
    return switch (this) {
      case ORDER_FILLED, ORDER_CANCELED, ORDER_REJECTED, ORDER_EXPIRED, ORDER_NOT_OPEN ->
          CxlRejReason.TOO_LATE_TO_CANCEL;
      case UNKNOWN_ORDER -> CxlRejReason.UNKNOWN_ORDER;
      case ACCOUNT_REFUSED, UNSUPPORTED, VENUE_REFUSED, UNAUTHORIZED -> CxlRejReason.BROKER_OPTION;
      case TOO_MANY_PENDING -> CxlRejReason.ALREADY_PENDING;
      default -> CxlRejReason.OTHER;
    };
  }
}
