package io.countermand.app.role;

import io.countermand.domain.order.OrderEvent;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Holds order events back until there is somewhere to publish them. Thread-safe. */
public final class HeldOrderEvents implements Consumer<OrderEvent> {

  private final ConcurrentLinkedQueue<OrderEvent> waiting = new ConcurrentLinkedQueue<>();
  private volatile @Nullable FeedPublisher feed;

  @Override
  public void accept(OrderEvent event) {
    FeedPublisher to = feed;
    if (to != null) {
      to.accept(event);
      return;
    }
    waiting.add(event);
    if (feed != null) {
      drain();
    }
  }

  public void to(FeedPublisher target) {
    feed = target;
    drain();
  }

  private void drain() {
    FeedPublisher to = feed;
    OrderEvent event;
    while (to != null && (event = waiting.poll()) != null) {
      to.accept(event);
    }
  }
}
