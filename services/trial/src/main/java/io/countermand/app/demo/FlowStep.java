package io.countermand.app.demo;

import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One thing that happens in a flow, at a time counted from its start. */
sealed interface FlowStep {

  Duration at();

  /** A trader places an order at the venue. */
  record Place(Duration at, OrderRef order, BigDecimal quantity) implements FlowStep {}

  /** The venue executes; null: all that is open. */
  record Fill(Duration at, OrderRef order, @Nullable BigDecimal quantity) implements FlowStep {}

  /** Part of an order is cancelled at the venue, by somebody else. */
  record Reduce(Duration at, OrderRef order, BigDecimal quantity) implements FlowStep {}

  /** From now on the venue breaks off every call about this order. */
  record BreakOff(Duration at, OrderRef order) implements FlowStep {}

  /**
   * A producer publishes an intent.
   *
   * @param within its deadline, from when it is published; null: the intent's own, if it has one
   * @param expect what must become of it
   */
  record Send(Duration at, Intent intent, @Nullable Duration within, Expect expect)
      implements FlowStep {

    Send(Duration at, Intent intent, Expect expect) {
      this(at, intent, null, expect);
    }
  }

  /** A producer publishes bytes that are no intent. */
  record SendRaw(Duration at, String key, @Nullable String value) implements FlowStep {}

  /** What must become of a record on cancel-intents. */
  enum Expect {
    /** An outcome. */
    OUTCOME,
    /** An outcome, REJECTED as malformed. */
    MALFORMED,
    /** Nothing more: the same cancelId has its outcome already. */
    REPEAT,
    /** A dead letter: it cannot be answered. */
    DEAD_LETTER
  }
}
