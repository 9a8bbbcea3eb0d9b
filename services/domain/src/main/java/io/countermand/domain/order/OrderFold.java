package io.countermand.domain.order;

import io.countermand.domain.order.EventAge.Age;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Folds order events into an order's state: late and repeated events undo nothing, but an id can
 * live again (ids that count anew each session, a modify that is cancel-and-new). Where the events
 * contradict each other the row is disputed: nothing is refused on it, since a needless call harms
 * nobody and a cancel wrongly refused leaves a live order. Pure; the events are {@link Facts}.
 *
 * <pre>
 * event is              | nothing | open state                     | terminal state
 * ----------------------+---------+--------------------------------+---------------------------------
 * status UNKNOWN        | take    | raise cumQty                   | raise cumQty (1)
 * open, older           | take    | raise cumQty                   | raise cumQty (1)
 * open, same age        | take    | take                           | raise cumQty (1)
 * open, newer           | take    | take                           | live again, DISPUTED
 * open, contradictory   | take    | take, DISPUTED                 | live again, DISPUTED
 * terminal, older       | take    | raise cumQty                   | same word: raise cumQty
 * terminal, same, newer | take    | take; a coherent end settles   | other word: first word stands,
 *                       |         |   an earlier dispute (2)       |   DISPUTED (1)
 * terminal,             | take    | by the clock newer: take,      |
 *   contradictory       |         |   else stay open; DISPUTED     |
 * correction, older     | take    | nothing                        | nothing
 * correction            | take    | take, also cumQty; undisputed  | take, also cumQty; undisputed
 * </pre>
 *
 * (1) An execution that fills an order said to be cancelled, expired or rejected: FILLED, DISPUTED.
 * Where the quantities are not known, the word FILLED says that it does.
 *
 * <p>(2) Newer by the venue's sequence or time; or without either, and not observed earlier.
 *
 * <p>What is older, newer and contradictory: {@link EventAge}. FILLED without a quantity makes an
 * open state's cumQty unknown. A terminal state keeps only the sequence and time that it came with
 * (or that the same word brought later), so that an open event is compared with the end itself.
 */
public final class OrderFold {

  private OrderFold() {}

  /** The state after the event; the same object if nothing changed. */
  public static OrderState fold(@Nullable OrderState old, OrderEvent event, Evidence at) {
    OrderDetails known = old == null ? null : old.details();
    OrderState bare = known == null || old == null ? old : old.detailed(null);
    OrderState state = state(bare, event, at);
    boolean livesAgain = old != null && old.terminal() && !state.terminal() && !event.correction();
    OrderState folded =
        state.detailed(livesAgain ? event.details() : OrderDetails.after(known, event.details()));
    return old != null && folded.equals(old) ? old : folded;
  }

  private static OrderState state(@Nullable OrderState old, OrderEvent event, Evidence at) {
    if (old == null) {
      return take(null, event, at, event.cumQty(), Age.NEWER, false);
    }
    Age age = EventAge.of(event, old);
    if (event.correction()) {
      BigDecimal corrected = event.cumQty() != null ? event.cumQty() : old.cumQty();
      return age == Age.OLDER ? old : take(old, event, at, corrected, age, false);
    }
    boolean ends = event.ordStatus().terminal();
    if (old.terminal()) {
      boolean again =
          (age == Age.NEWER || age == Age.CONTRADICTORY) && event.ordStatus() != OrdStatus.UNKNOWN;
      return ends || !again ? afterTheEnd(old, event, at) : liveAgain(old, event, at, age);
    }
    if (age == Age.OLDER || event.ordStatus() == OrdStatus.UNKNOWN) {
      return with(old, greater(event.cumQty(), old.cumQty()));
    }
    BigDecimal cumQty = greater(event.cumQty(), old.cumQty());
    if (ends && age == Age.CONTRADICTORY && !EventAge.newerByTheClock(event, old)) {
      return with(old, cumQty).asDisputed();
    }
    // Filled, and the venue does not say how much: what was known before is certainly not all of
    // it.
    boolean stale = event.cumQty() == null && event.ordStatus() == OrdStatus.FILLED;
    boolean disputed =
        age == Age.CONTRADICTORY
            || (old.disputed() && !(ends && EventAge.certainlyNewer(event, old, age)));
    return take(old, event, at, stale ? null : cumQty, age, disputed);
  }

  /** The id lives again: quantities of its former life do not hold for this one. */
  private static OrderState liveAgain(OrderState old, OrderEvent event, Evidence at, Age age) {
    return new OrderState(
        event.ordStatus(),
        event.rawStatus(),
        event.orderQty(),
        event.cumQty(),
        later(event.venueTime(), old.venueTime()), // the former end, repeated, is not newer
        age == Age.CONTRADICTORY ? null : event.sequence(),
        event.observedAt(),
        at,
        true);
  }

  private static OrderState afterTheEnd(OrderState old, OrderEvent event, Evidence at) {
    BigDecimal cumQty = greater(event.cumQty(), old.cumQty());
    OrderState raised = with(old, cumQty);
    if (old.ordStatus() != OrdStatus.FILLED && fills(old, event, raised)) {
      return new OrderState(
          OrdStatus.FILLED,
          event.rawStatus(),
          event.orderQty() != null ? event.orderQty() : old.orderQty(),
          event.cumQty() == null ? null : cumQty,
          later(event.venueTime(), old.venueTime()),
          event.sequence() != null ? event.sequence() : old.sequence(),
          event.observedAt(),
          at,
          true);
    }
    if (event.ordStatus() == old.ordStatus()) {
      return numbered(raised, event);
    }
    return event.ordStatus().terminal() ? raised.asDisputed() : raised;
  }

  /** Whether this execution makes it all of the order; where nobody knows, by the word FILLED. */
  private static boolean fills(OrderState old, OrderEvent event, OrderState raised) {
    BigDecimal orderQty = event.orderQty() != null ? event.orderQty() : old.orderQty();
    boolean filled = event.ordStatus() == OrdStatus.FILLED;
    BigDecimal cumQty = raised.cumQty();
    if (event.cumQty() == null || cumQty == null || orderQty == null || orderQty.signum() <= 0) {
      return filled;
    }
    return cumQty.compareTo(orderQty) >= 0 && (filled || !raised.equals(old));
  }

  private static OrderState take(
      @Nullable OrderState old,
      OrderEvent event,
      Evidence at,
      @Nullable BigDecimal cumQty,
      Age age,
      boolean disputed) {
    OrderState kept = old == null || event.ordStatus().terminal() ? null : old;
    Long sequence =
        event.sequence() != null ? event.sequence() : kept == null ? null : kept.sequence();
    Instant venueTime = event.venueTime();
    if (venueTime != null || kept != null) {
      venueTime = later(venueTime, old == null ? null : old.venueTime());
    }
    return new OrderState(
        event.ordStatus(),
        event.rawStatus(),
        event.orderQty() != null ? event.orderQty() : old == null ? null : old.orderQty(),
        cumQty,
        venueTime,
        // A sequence that contradicts the clock started anew, and orders nothing any more.
        age == Age.CONTRADICTORY ? null : sequence,
        event.observedAt(),
        at,
        disputed);
  }

  /** The same end told again, with a sequence or a time of its own. */
  private static OrderState numbered(OrderState old, OrderEvent event) {
    Long sequence = old.sequence();
    if (event.sequence() != null && (sequence == null || event.sequence() > sequence)) {
      sequence = event.sequence();
    }
    return with(old, old.cumQty(), later(event.venueTime(), old.venueTime()), sequence);
  }

  private static OrderState with(OrderState old, @Nullable BigDecimal cumQty) {
    return with(old, cumQty, old.venueTime(), old.sequence());
  }

  private static OrderState with(
      OrderState old,
      @Nullable BigDecimal cumQty,
      @Nullable Instant venueTime,
      @Nullable Long sequence) {
    var next =
        new OrderState(
            old.ordStatus(),
            old.rawStatus(),
            old.orderQty(),
            cumQty,
            venueTime,
            sequence,
            old.observedAt(),
            old.evidence(),
            old.disputed());
    return next.equals(old) ? old : next;
  }

  private static @Nullable BigDecimal greater(
      @Nullable BigDecimal told, @Nullable BigDecimal known) {
    return told != null && (known == null || told.compareTo(known) > 0) ? told : known;
  }

  private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
    return a == null ? b : b == null || a.isAfter(b) ? a : b;
  }
}
