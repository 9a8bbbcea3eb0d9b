package io.countermand.domain;

/** What an outcome says; see {@code CancelOutcome.result} in the schemas. */
public enum CancelResult {
  /** It may have reached the venue and nobody knows what became of it. */
  UNRESOLVED,
  /** The order is cancelled. */
  CANCELED,
  /** The venue took the cancel; nobody confirmed it in time. */
  PENDING,
  /** Certainly not cancelled by this intent, or never sent. */
  REJECTED
}
