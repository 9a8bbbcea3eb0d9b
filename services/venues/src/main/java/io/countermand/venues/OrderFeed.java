package io.countermand.venues;

import io.countermand.domain.order.OrderEvent;
import java.util.function.Consumer;

/**
 * A venue's stream of order events. Reconnects by itself with backoff; after each connect the
 * venue's snapshot is delivered first, so that a gap heals. Thread-safe.
 */
public interface OrderFeed extends AutoCloseable {

  /**
   * Begins; returns at once. Events come one at a time, in the venue's order; a listener that
   * throws is reported to the log and loses that event only.
   */
  void start(Consumer<OrderEvent> listener);

  /** Connected, authorised and subscribed, and heard of lately. */
  boolean healthy();

  /** Tells every order again, since what was told before may be lost; returns at once. */
  default void resync() {}

  /** Idempotent; no event is delivered after it returns. */
  @Override
  void close();
}
