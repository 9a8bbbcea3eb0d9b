package io.countermand.simulation;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The truth about one order: the venue's own book, and what the calls did to it. */
final class TrueOrder {

  static final String SOMEBODY_ELSE = "(somebody else)";

  final OrderRef ref;

  /** Null: the venue does not know the order (yet). */
  @Nullable OrdStatus status;

  int filled;
  long sequence;

  /** The cancel whose call ended the order; {@link #SOMEBODY_ELSE}; null: nobody cancelled it. */
  @Nullable String canceledBy;

  /** Virtual time at which it ended. */
  long endedAt = Long.MAX_VALUE;

  /** The venue refuses to cancel this order, for good. */
  boolean refuses;

  /** The adapter refuses before anything is sent. */
  boolean unsendable;

  /** Cancels that the venue accepted. */
  final Set<String> accepted = new HashSet<>();

  TrueOrder(OrderRef ref) {
    this.ref = ref;
  }

  boolean ended() {
    return status != null && status.terminal();
  }
}
