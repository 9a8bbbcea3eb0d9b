package io.countermand.simulator.venue;

import io.countermand.domain.order.OrderEvent;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.book.OrderChange;
import io.countermand.simulator.options.FeedScript;
import io.countermand.simulator.options.VenueKind;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A venue's order feed: tells its listeners of each change, as its script says. */
public final class SimulatedFeed {

  private static final Logger log = LoggerFactory.getLogger(SimulatedFeed.class);

  private final VenueKind kind;
  private final Timer timer;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final List<Consumer<OrderEvent>> listeners = new CopyOnWriteArrayList<>();
  private final Queue<OrderEvent> waiting = new ArrayDeque<>();
  private FeedScript script;
  private @Nullable OrderEvent overtaken;

  public SimulatedFeed(
      VenueKind kind, FeedScript script, Timer timer, InstantSource clock, RandomGenerator random) {
    this.kind = kind;
    this.script = script;
    this.timer = timer;
    this.clock = clock;
    this.random = random;
  }

  public void listen(Consumer<OrderEvent> listener) {
    listeners.add(listener);
  }

  public void leave(Consumer<OrderEvent> listener) {
    listeners.remove(listener);
  }

  public synchronized void script(FeedScript script) {
    this.script = script;
  }

  /** Tells of a change as the script says. */
  public void changed(OrderChange change) {
    var event = event(change.order(), change.correction());
    FeedScript now;
    synchronized (this) {
      now = script;
    }
    if (now.faithful()) {
      tell(event);
    } else {
      scripted(now, event);
    }
  }

  /** Tells an order's state as it is, whatever the script. */
  public void resend(Order order) {
    tell(event(order, false));
  }

  private synchronized void scripted(FeedScript now, OrderEvent event) {
    var before = overtaken;
    overtaken = null;
    if (random.nextDouble() >= now.drop()) {
      if (before == null && random.nextDouble() < now.reorder()) {
        overtaken = event;
        // Nothing may come to overtake it.
        timer.after(Duration.ofMillis(100), () -> release(event));
      } else {
        send(now, event);
      }
      if (random.nextDouble() < now.duplicate()) {
        send(now, event);
      }
    }
    if (before != null) {
      send(now, before);
    }
  }

  private synchronized void release(OrderEvent event) {
    if (event.equals(overtaken)) {
      overtaken = null;
      send(script, event);
    }
  }

  private void send(FeedScript now, OrderEvent event) {
    var delay = now.delay().sample(random);
    if (delay.isZero() && waiting.isEmpty()) {
      tell(event);
    } else {
      waiting.add(event);
      // Each task tells the longest waiting event: the order stays, whichever task runs first.
      timer.after(delay, this::tellNext);
    }
  }

  private void tellNext() {
    OrderEvent event;
    synchronized (this) {
      event = waiting.remove();
    }
    tell(event);
  }

  private void tell(OrderEvent event) {
    for (var listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        log.warn("an order event was not taken", e);
      }
    }
  }

  private OrderEvent event(Order order, boolean correction) {
    return new OrderEvent(
        order.ref(),
        order.clOrdId(),
        order.status(),
        kind.word(order.status()),
        order.quantity(),
        order.filled(),
        order.leaves(),
        order.averagePrice(),
        order.changedAt(),
        order.sequence(),
        correction,
        "feed:" + order.ref().venue(),
        null,
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        order.details());
  }
}
