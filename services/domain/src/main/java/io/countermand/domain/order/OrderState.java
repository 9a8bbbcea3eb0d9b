package io.countermand.domain.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the table knows of an order.
 *
 * @param venueTime venue time of the newest event folded; of a terminal state: its own, null if the
 *     venue gave none
 * @param sequence venue sequence of the newest event folded, likewise; null also after one that
 *     contradicts the clock
 * @param observedAt when the newest event was observed
 * @param evidence the record that set this state
 * @param disputed whether the events contradict each other on whether, or how, the order ended; see
 *     {@link OrderFold}
 * @param details whose order it is, and of what; null: nobody told
 */
public record OrderState(
    OrdStatus ordStatus,
    @Nullable String rawStatus,
    @Nullable BigDecimal orderQty,
    @Nullable BigDecimal cumQty,
    @Nullable Instant venueTime,
    @Nullable Long sequence,
    Instant observedAt,
    @Nullable Evidence evidence,
    boolean disputed,
    @Nullable OrderDetails details) {

  /** A state of which nobody tells whose it is. */
  public OrderState(
      OrdStatus ordStatus,
      @Nullable String rawStatus,
      @Nullable BigDecimal orderQty,
      @Nullable BigDecimal cumQty,
      @Nullable Instant venueTime,
      @Nullable Long sequence,
      Instant observedAt,
      @Nullable Evidence evidence,
      boolean disputed) {
    this(
        ordStatus,
        rawStatus,
        orderQty,
        cumQty,
        venueTime,
        sequence,
        observedAt,
        evidence,
        disputed,
        null);
  }

  /** A state that nothing disputes. */
  public OrderState(
      OrdStatus ordStatus,
      @Nullable String rawStatus,
      @Nullable BigDecimal orderQty,
      @Nullable BigDecimal cumQty,
      @Nullable Instant venueTime,
      @Nullable Long sequence,
      Instant observedAt,
      @Nullable Evidence evidence) {
    this(ordStatus, rawStatus, orderQty, cumQty, venueTime, sequence, observedAt, evidence, false);
  }

  public boolean terminal() {
    return ordStatus.terminal();
  }

  /** Terminal, and nothing contradicts it: only this refuses a cancel, or settles one. */
  public boolean certainlyEnded() {
    return terminal() && !disputed;
  }

  public OrderState asDisputed() {
    return disputed
        ? this
        : new OrderState(
            ordStatus,
            rawStatus,
            orderQty,
            cumQty,
            venueTime,
            sequence,
            observedAt,
            evidence,
            true,
            details);
  }

  OrderState detailed(@Nullable OrderDetails known) {
    return Objects.equals(known, details)
        ? this
        : new OrderState(
            ordStatus,
            rawStatus,
            orderQty,
            cumQty,
            venueTime,
            sequence,
            observedAt,
            evidence,
            disputed,
            known);
  }
}
