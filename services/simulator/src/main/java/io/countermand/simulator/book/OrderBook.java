package io.countermand.simulator.book;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The orders of all venues. Thread-safe; one lock per order, held while the listener hears of the
 * change, so that it hears one order's changes in their order. The listener must not block and must
 * not change another order.
 */
public final class OrderBook {

  private final ConcurrentMap<OrderRef, Cell> cells = new ConcurrentHashMap<>();
  private final ConcurrentMap<Id, OrderRef> byId = new ConcurrentHashMap<>();
  private final ConcurrentMap<Name, OrderRef> byName = new ConcurrentHashMap<>();
  private final Set<String> venues;
  private final InstantSource clock;
  private final Consumer<OrderChange> listener;

  public OrderBook(Set<String> venues, InstantSource clock, Consumer<OrderChange> listener) {
    this.venues = venues;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * @throws IllegalArgumentException if there is no such venue instance
   * @throws IllegalStateException if the book has such an order already
   */
  public Order place(NewOrder asked) {
    if (!venues.contains(asked.ref().venue())) {
      throw new IllegalArgumentException("no such instance: " + asked.ref().venue());
    }
    var now = asked.placedAt() == null ? now() : asked.placedAt();
    var order =
        new Order(
            asked.ref(),
            asked.clOrdId(),
            asked.name(),
            asked.strategyId(),
            asked.symbol(),
            asked.side(),
            asked.price(),
            asked.quantity(),
            BigDecimal.ZERO,
            null,
            OrdStatus.NEW,
            1,
            now,
            now,
            asked.details());
    var cell = new Cell(order);
    synchronized (cell) {
      if (cells.putIfAbsent(order.ref(), cell) != null) {
        throw new IllegalStateException("order exists: " + order.ref().key());
      }
      index(order);
      listener.accept(new OrderChange(order, "place", 0));
    }
    return order;
  }

  /** Executes up to {@code quantity}; null if the order is unknown or not open. */
  public @Nullable Order fill(OrderRef ref, BigDecimal quantity, @Nullable BigDecimal price) {
    return changeOpen(ref, "fill", 0, order -> filled(order, quantity, price));
  }

  /** Executes all that is left; null if the order is unknown or not open. */
  public @Nullable Order fill(OrderRef ref) {
    return fillRest(ref, 0);
  }

  @Nullable
  public Order fillRest(OrderRef ref, long call) {
    return changeOpen(ref, "fill", call, order -> filled(order, order.leaves(), null));
  }

  /** Takes {@code quantity} off OrderQty, down to what is filled. */
  public @Nullable Order reduce(OrderRef ref, BigDecimal quantity) {
    return changeOpen(
        ref,
        "reduce",
        0,
        order -> {
          var left = order.quantity().subtract(quantity).max(order.filled());
          var status = left.compareTo(order.filled()) == 0 ? OrdStatus.CANCELED : order.status();
          return order.with(left, order.filled(), order.averagePrice(), status, now());
        });
  }

  public @Nullable Order reject(OrderRef ref) {
    return changeOpen(ref, "reject", 0, order -> order.with(OrdStatus.REJECTED, now()));
  }

  public @Nullable Order expire(OrderRef ref) {
    return changeOpen(ref, "expire", 0, order -> order.with(OrdStatus.EXPIRED, now()));
  }

  /** Sets a status that the venue had told wrongly before; null if the order is unknown. */
  public @Nullable Order correct(OrderRef ref, OrdStatus status, BigDecimal filled) {
    return change(
        ref,
        "correct",
        0,
        order -> order.with(order.quantity(), filled, order.averagePrice(), status, now()));
  }

  /** Cancels at once. */
  public Cancellation cancel(OrderRef ref) {
    return cancel(ref, 0);
  }

  public Cancellation cancel(OrderRef ref, long call) {
    return cancel(ref, call, OrdStatus.CANCELED);
  }

  /** Takes a cancel that {@link #settle} carries out later. */
  public Cancellation cancelLater(OrderRef ref, long call) {
    return cancel(ref, call, OrdStatus.PENDING_CANCEL);
  }

  /** Carries out a cancel that was taken before, if the order is still open. */
  public void settle(OrderRef ref, long call) {
    changeOpen(
        ref,
        "cancel",
        call,
        order ->
            order.status() == OrdStatus.PENDING_CANCEL
                ? order.with(OrdStatus.CANCELED, now())
                : order);
  }

  private Cancellation cancel(OrderRef ref, long call, OrdStatus to) {
    var cell = cells.get(ref);
    if (cell == null) {
      return new Cancellation(Effect.UNKNOWN, null);
    }
    synchronized (cell) {
      var before = cell.order;
      if (!before.open()) {
        return new Cancellation(Effect.already(before.status()), before);
      }
      if (before.status() == to) {
        return new Cancellation(Effect.ALREADY_PENDING, before);
      }
      cell.set(before.with(to, now()), "cancel", call, listener);
      return new Cancellation(
          to == OrdStatus.CANCELED ? Effect.CANCELED_NOW : Effect.CANCEL_PENDING, cell.order);
    }
  }

  public @Nullable Order find(OrderRef ref) {
    var cell = cells.get(ref);
    return cell == null ? null : cell.order;
  }

  /** By the id alone, for APIs that name no account; the one placed last, if it is not unique. */
  public @Nullable Order find(String venue, String orderId) {
    var ref = byId.get(new Id(venue, orderId));
    return ref == null ? null : find(ref);
  }

  public @Nullable Order findNamed(String venue, String strategyId, String name) {
    var ref = byName.get(new Name(venue, strategyId, name));
    return ref == null ? null : find(ref);
  }

  /** All orders, in no order. */
  public List<Order> orders() {
    return cells.values().stream().map(cell -> cell.order).toList();
  }

  public int size() {
    return cells.size();
  }

  /** Puts back what a journal kept; the listener does not hear of it. */
  public void restore(Collection<Order> orders) {
    for (var order : orders) {
      cells.put(order.ref(), new Cell(order));
      index(order);
    }
  }

  private void index(Order order) {
    byId.put(new Id(order.ref().venue(), order.ref().orderId()), order.ref());
    if (order.name() != null && order.strategyId() != null) {
      byName.put(new Name(order.ref().venue(), order.strategyId(), order.name()), order.ref());
    }
  }

  private @Nullable Order changeOpen(
      OrderRef ref, String cause, long call, UnaryOperator<Order> change) {
    var cell = cells.get(ref);
    if (cell == null) {
      return null;
    }
    synchronized (cell) {
      return cell.order.open() ? change(ref, cause, call, change) : null;
    }
  }

  private @Nullable Order change(
      OrderRef ref, String cause, long call, UnaryOperator<Order> change) {
    var cell = cells.get(ref);
    if (cell == null) {
      return null;
    }
    synchronized (cell) {
      cell.set(change.apply(cell.order), cause, call, listener);
      return cell.order;
    }
  }

  private Order filled(Order order, BigDecimal asked, @Nullable BigDecimal at) {
    var quantity = asked.min(order.leaves());
    var filled = order.filled().add(quantity);
    var price = at == null ? order.price() : at;
    var average = average(order, quantity, filled, price);
    var done = filled.compareTo(order.quantity()) >= 0;
    var status =
        done
            ? OrdStatus.FILLED
            : order.status() == OrdStatus.PENDING_CANCEL
                ? OrdStatus.PENDING_CANCEL
                : OrdStatus.PARTIALLY_FILLED;
    return order.with(order.quantity(), filled, average, status, now());
  }

  private static @Nullable BigDecimal average(
      Order order, BigDecimal quantity, BigDecimal filled, @Nullable BigDecimal price) {
    if (price == null || order.averagePrice() == null || filled.signum() == 0) {
      return price;
    }
    var before = order.averagePrice().multiply(order.filled());
    return before.add(price.multiply(quantity)).divide(filled, MathContext.DECIMAL64);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private record Id(String venue, String orderId) {}

  private record Name(String venue, String strategyId, String name) {}

  private static final class Cell {
    private volatile Order order;

    Cell(Order order) {
      this.order = order;
    }

    void set(Order changed, String cause, long call, Consumer<OrderChange> listener) {
      if (changed.sequence() != order.sequence()) {
        order = changed;
        listener.accept(new OrderChange(changed, cause, call));
      }
    }
  }
}
