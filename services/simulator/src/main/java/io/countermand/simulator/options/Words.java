package io.countermand.simulator.options;

import io.countermand.domain.order.OrdStatus;

/** The venues' words for an order's status. */
public final class Words {

  private Words() {}

  static String ninjaTrader(OrdStatus status) {
    return switch (status) {
      case PENDING_NEW -> "Submitted";
      case NEW -> "Working";
      case PARTIALLY_FILLED -> "PartFilled";
      case FILLED -> "Filled";
      case PENDING_CANCEL -> "CancelPending";
      case CANCELED -> "Cancelled";
      case PENDING_REPLACE -> "ChangePending";
      case REJECTED -> "Rejected";
      case SUSPENDED -> "Suspended";
      // NinjaTrader has no word for an expired order.
      default -> "Unknown";
    };
  }

  public static String cadenza(OrdStatus status) {
    return switch (status) {
      case PENDING_NEW -> "PENDING";
      case PARTIALLY_FILLED -> "PARTIALLY_FILLED";
      case FILLED -> "FILLED";
      case CANCELED -> "CANCELLED";
      case REJECTED -> "REJECTED";
      case EXPIRED -> "EXPIRED";
      default -> "OPEN";
    };
  }

  public static String neuraTrade(OrdStatus status) {
    return switch (status) {
      case FILLED -> "FILLED";
      case CANCELED -> "CANCELED";
      case REJECTED -> "REJECTED";
      case EXPIRED -> "EXPIRED";
      default -> "OPEN";
    };
  }

  public static String tradovate(OrdStatus status) {
    return switch (status) {
      case PENDING_NEW -> "PendingNew";
      case NEW, PARTIALLY_FILLED -> "Working";
      case FILLED -> "Filled";
      case PENDING_CANCEL -> "PendingCancel";
      case CANCELED -> "Canceled";
      case PENDING_REPLACE -> "PendingReplace";
      case REJECTED -> "Rejected";
      case SUSPENDED -> "Suspended";
      case EXPIRED -> "Expired";
      case DONE_FOR_DAY -> "Completed";
      default -> "Unknown";
    };
  }
}
