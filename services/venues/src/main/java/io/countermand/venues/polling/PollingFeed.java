package io.countermand.venues.polling;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.OrderFeed;
import io.countermand.venues.OrderPage;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.VenueGovernor;
import io.countermand.venues.secrets.RedactedFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed that asks again and again: all pages of the venue's list, then each order by itself that
 * was open and is listed no more. Every call waits for its turn in the pace and takes a token of
 * the budget that the cancels have. Delivers what has changed only. Thread-safe.
 */
public final class PollingFeed implements OrderFeed {

  /** A page of so many orders, none of which is new, was there before. */
  private static final int REPEATED = 10;

  private static final Logger log = LoggerFactory.getLogger(PollingFeed.class);

  /** A pause may be lifted, a clock may jump: looked at again so often. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final String venue;
  private final VenueAdapter adapter;
  private final Budget budget;
  private final VenueGovernor governor;
  private final PollPace pace;
  private final Duration timeout;
  private final Clock clock;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean again = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object delivery = new Object();
  private final PolledOrders orders = new PolledOrders(); // of the feed's thread
  private @Nullable Consumer<OrderEvent> listener; // guarded by delivery
  private volatile boolean healthy;
  private volatile Instant knownAt = Instant.MIN;

  /**
   * @param adapter one that {@code canList}; not closed with the feed
   * @param timeout for one call
   */
  public PollingFeed(
      String venue,
      VenueAdapter adapter,
      Budget budget,
      VenueGovernor governor,
      PollPace pace,
      Duration timeout,
      Clock clock) {
    this.venue = venue;
    this.adapter = adapter;
    this.budget = budget;
    this.governor = governor;
    this.pace = pace;
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  public void start(Consumer<OrderEvent> to) {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("the feed has a listener already");
    }
    synchronized (delivery) {
      listener = to;
    }
    Thread.ofVirtual().name("polling-" + venue).start(this::run);
  }

  @Override
  public boolean healthy() {
    return healthy;
  }

  @Override
  public void resync() {
    again.set(true);
  }

  @Override
  public void close() {
    closed.countDown();
    synchronized (delivery) {
      listener = null;
    }
  }

  private void run() {
    try {
      while (closed.getCount() > 0) {
        round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      healthy = false;
      log.atError()
          .addKeyValue("venue", venue)
          .setCause(RedactedFailure.of(e))
          .log("order feed failed, and has ended");
    }
  }

  private void round() throws InterruptedException {
    if (again.getAndSet(false)) {
      orders.forget();
    }
    boolean whole = true;
    String cursor = null;
    Set<OrderRef> seen = new HashSet<>();
    do {
      if (!turn()) {
        return;
      }
      OrderPage page = adapter.openOrders(null, cursor, timeout);
      if (!page.told()) {
        failed(page.reply());
        orders.end(false);
        return;
      }
      page.orders().stream().filter(orders::changed).forEach(this::deliver);
      whole &= page.whole();
      cursor = page.next();
      boolean fresh = page.orders().size() < REPEATED; // some change their place meanwhile
      for (OrderEvent each : page.orders()) {
        fresh |= seen.add(each.order());
      }
      if (!fresh && cursor != null) { // it would go on for ever
        log.atError().addKeyValue("venue", venue).log("the venue repeats a page of its list");
        healthy = false;
        orders.end(false);
        return;
      }
    } while (cursor != null);
    for (OrderRef missing : orders.end(whole)) {
      if (!turn()) {
        return;
      }
      ask(missing);
    }
    if (!healthy) {
      log.atInfo().addKeyValue("venue", venue).log("order feed in sync");
    }
    healthy = true;
    knownAt = clock.instant();
  }

  /** Waits until a call may be made, and takes its token; false: closed. */
  private boolean turn() throws InterruptedException {
    while (closed.getCount() > 0) {
      Duration wait = pace.untilNext();
      if (wait.isZero() && governor.paused().isEmpty() && budget.tryAcquire()) {
        pace.asked();
        return true;
      }
      Duration look = wait.isZero() || wait.compareTo(LOOK) > 0 ? LOOK : wait;
      if (closed.await(Math.max(1, look.toMillis()), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }

  private void failed(Reply reply) {
    if (healthy) {
      log.atWarn()
          .addKeyValue("venue", venue)
          .addKeyValue("reply", reply.getClass().getSimpleName())
          .addKeyValue("knowsNothingSince", knownAt)
          .log("order feed has no answer");
    }
    healthy = false;
  }

  /** What became of an order that is listed no more; asked again in the next round if unclear. */
  private void ask(OrderRef order) {
    Instant sentAt = clock.instant();
    Reply reply = adapter.status(request(order, sentAt), timeout).reply();
    switch (reply) {
      case Reply.Status(ReplyDetails told) -> {
        OrdStatus status = told.ordStatus();
        if (status != null) {
          deliver(event(order, status, told, sentAt));
          if (status.terminal()) {
            orders.settled(order);
          }
        }
      }
      case Reply.NotOpen(ReplyDetails told) -> {
        OrdStatus status = told.ordStatus();
        deliver(event(order, status == null ? OrdStatus.UNKNOWN : status, told, sentAt));
        orders.settled(order);
      }
      // Nobody knows it: that it ended is likely, how is not.
      case Reply.UnknownOrder _, Reply.GoneOrUnknown _, Reply.Refused _ -> orders.settled(order);
      default -> {}
    }
  }

  private OrderEvent event(OrderRef order, OrdStatus status, ReplyDetails told, Instant sentAt) {
    return new OrderEvent(
        order,
        null,
        status,
        told.rawStatus(),
        null,
        told.executedQty(),
        null,
        null,
        told.venueTime(),
        null,
        false,
        "feed:" + venue,
        null,
        sentAt);
  }

  /** A look-up of no cancel: nothing of it is kept. */
  private static CancelRequest request(OrderRef order, Instant now) {
    var cancel =
        new Cancel(
            "feed",
            order,
            null,
            null,
            null,
            false,
            false,
            null,
            now,
            now,
            now,
            new Evidence("order-events", 0, 0),
            "");
    return new CancelRequest(cancel, RequestKind.STATUS, 1, null, now);
  }

  private void deliver(OrderEvent event) {
    synchronized (delivery) {
      Consumer<OrderEvent> to = listener;
      if (to == null) {
        return;
      }
      try {
        to.accept(event);
      } catch (RuntimeException e) {
        again.set(true);
        log.atError()
            .addKeyValue("venue", venue)
            .setCause(e)
            .log("listener failed on an order event; all is told again");
      }
    }
  }
}
