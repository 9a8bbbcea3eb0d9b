package io.countermand.domain.order;

/**
 * FIX OrdStatus (tag 39) by name. {@link #UNKNOWN}: the venue's word is not in our table; never
 * taken for terminal.
 */
public enum OrdStatus {
  UNKNOWN,
  PENDING_NEW,
  NEW,
  PARTIALLY_FILLED,
  FILLED,
  /** Not terminal: the order may live again on the next trading day. */
  DONE_FOR_DAY,
  CANCELED,
  PENDING_CANCEL,
  STOPPED,
  REJECTED,
  SUSPENDED,
  CALCULATED,
  EXPIRED,
  ACCEPTED_FOR_BIDDING,
  PENDING_REPLACE;

  /** Whether the order can never trade or be cancelled again. */
  public boolean terminal() {
    return switch (this) {
      case FILLED, CANCELED, REJECTED, EXPIRED -> true;
      default -> false;
    };
  }
}
