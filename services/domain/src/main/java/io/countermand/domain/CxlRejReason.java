package io.countermand.domain;

/** FIX CxlRejReason (tag 102) by name, as far as a single cancel can meet it. */
public enum CxlRejReason {
  OTHER,
  TOO_LATE_TO_CANCEL,
  UNKNOWN_ORDER,
  BROKER_OPTION,
  ALREADY_PENDING,
  DUPLICATE_CLORDID
}
