package io.countermand.domain.decision;

import io.countermand.domain.Reason;
import io.countermand.domain.order.OrderState;
import org.jspecify.annotations.Nullable;

/** What the desk decides on a well-formed intent. Pure; see {@link DeskRules#decide}. */
public sealed interface DeskDecision {

  /**
   * Call the venue.
   *
   * @param queued it waits in the venue's queue, which is kept: it is called whatever happens to
   *     this process. False: the call starts at once, and is lost if the process dies before its
   *     marker is durable
   * @param seen the queue when this was decided; null: not told
   */
  record Route(@Nullable OrderState order, boolean queued, @Nullable QueueView seen)
      implements DeskDecision {

    /** At once. */
    public Route(@Nullable OrderState order) {
      this(order, false, null);
    }
  }

  /**
   * No venue call.
   *
   * @param seen the venue's queue, if that is why; else null
   */
  record Refuse(Reason reason, String text, @Nullable OrderState order, @Nullable QueueView seen)
      implements DeskDecision {

    /** For another reason than the queue. */
    public Refuse(Reason reason, String text, @Nullable OrderState order) {
      this(reason, text, order, null);
    }
  }

  /** Another cancel of the order is live; this one takes its result. */
  record Join(String leader, @Nullable OrderState order) implements DeskDecision {}

  /** The same cancel again; nothing happens. */
  record Repeat() implements DeskDecision {}
}
