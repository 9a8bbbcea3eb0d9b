package io.countermand.domain.lifecycle;

/** What evidence that came after an outcome says of it; {@link FindingRules} has the table. */
public enum FindingKind {
  /** The outcome was PENDING or UNRESOLVED; now it is known how the order ended. */
  RESOLVED,
  /** What was said of the order, or of our calls, is not so. */
  CONTRADICTED,
  /** The order ended as was said, with more executed than was said. */
  EXECUTED_MORE
}
