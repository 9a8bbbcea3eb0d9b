package io.countermand.client;

import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.events.OrderKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An order event before it is published. What is not set is unknown. Not thread-safe.
 *
 * <p>Give {@link #venueTime} or {@link #sequence} where the venue gives them: late and repeated
 * events are told from new ones by them.
 */
public final class OrderEventDraft {

  private final OrderEventPublisher publisher;
  private final OrderEvent.Builder event = OrderEvent.newBuilder();
  private final OrderKey order;

  OrderEventDraft(OrderEventPublisher publisher, OrderKey order, String source) {
    this.publisher = publisher;
    this.order = order;
    event
        .setVenue(order.venue())
        .setAccount(order.account())
        .setOrderId(order.orderId())
        .setOrdStatus(OrdStatus.UNKNOWN)
        .setSource(source);
  }

  /** The order's state after this event; terminal are FILLED, CANCELED, REJECTED and EXPIRED. */
  public OrderEventDraft status(OrdStatus status) {
    event.setOrdStatus(status);
    return this;
  }

  /** The venue's own word for the state. */
  public OrderEventDraft rawStatus(String word) {
    event.setRawStatus(word);
    return this;
  }

  /** FIX OrderQty. */
  public OrderEventDraft quantity(BigDecimal quantity) {
    event.setOrderQty(quantity.toPlainString());
    return this;
  }

  /** FIX CumQty: executed so far. */
  public OrderEventDraft executed(BigDecimal quantity) {
    event.setCumQty(quantity.toPlainString());
    return this;
  }

  /** FIX LeavesQty: still open. */
  public OrderEventDraft leaves(BigDecimal quantity) {
    event.setLeavesQty(quantity.toPlainString());
    return this;
  }

  /** FIX AvgPx. */
  public OrderEventDraft averagePrice(BigDecimal price) {
    event.setAvgPx(price.toPlainString());
    return this;
  }

  /** FIX ClOrdID; null: not known. */
  public OrderEventDraft clOrdId(@Nullable String value) {
    event.setClOrdId(value);
    return this;
  }

  /** The venue's time of the event; kept in microseconds. */
  public OrderEventDraft venueTime(Instant time) {
    event.setVenueTime(time.truncatedTo(ChronoUnit.MICROS));
    return this;
  }

  /** The venue's number for this order's events, rising. */
  public OrderEventDraft sequence(long number) {
    event.setSequence(number);
    return this;
  }

  /** The venue corrects what it said before; only this can undo a terminal state. */
  public OrderEventDraft correction(boolean yes) {
    event.setCorrection(yes);
    return this;
  }

  /** Returns at once, unless the producer's buffer is full (then after 10 s at the most). */
  public CompletableFuture<RecordMetadata> publish() {
    event.setObservedAt(Instant.now().truncatedTo(ChronoUnit.MICROS));
    return publisher.publish(order, event.build());
  }
}
