package io.countermand.domain;

import org.jspecify.annotations.Nullable;

/** What the gate decides on a well-formed intent. Pure; see {@link GateRules#decide}. */
public sealed interface GateDecision {

  /** Hand it to the venue's workers. */
  record Route(@Nullable OrderState order) implements GateDecision {}

  /** No venue call. */
  record Refuse(Reason reason, String text, @Nullable OrderState order) implements GateDecision {}

  /** Another cancel of the order is live; this one takes its result. */
  record Join(String leader, @Nullable OrderState order) implements GateDecision {}

  /** The same cancel again; nothing happens. */
  record Repeat() implements GateDecision {}
}
