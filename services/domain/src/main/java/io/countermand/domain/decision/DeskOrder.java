package io.countermand.domain.decision;

import io.countermand.domain.Cancel;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the desk keeps of an order.
 *
 * @param order null: no event seen yet
 * @param flight the live cancel that leads; null: none
 * @param joined cancels sent to join it whose outcomes were not heard yet, oldest first; one of
 *     them leads once the flight has ended without a successor
 * @param refused cancels refused here whose outcomes were not heard yet, oldest first
 * @param recent cancels settled lately, newest last; best effort, the ledger knows all
 */
public record DeskOrder(
    @Nullable OrderState order,
    @Nullable Flight flight,
    List<Flight> joined,
    List<Refusal> refused,
    List<Past> recent) {

  public static final DeskOrder NONE = new DeskOrder(null, null, List.of(), List.of(), List.of());

  private static final int MOST_RECENT = 8;
  private static final int MOST_REFUSED = 32;

  /**
   * A live cancel.
   *
   * @param offset of its intent: the same offset again is a repeat after a crash, not a duplicate
   * @param until after this the ledger has answered for certain, heard or not
   */
  public record Flight(String cancelId, String digest, long offset, Instant until) {}

  /** A refused cancel; the same record again after a crash is refused again. */
  public record Refusal(Flight cancel, Reason reason) {}

  /** A settled cancel. */
  public record Past(String cancelId, String digest, Instant settledAt) {}

  public DeskOrder(@Nullable OrderState order, @Nullable Flight flight, List<Past> recent) {
    this(order, flight, List.of(), List.of(), recent);
  }

  public DeskOrder withOrder(OrderState state) {
    return new DeskOrder(state, flight, joined, refused, recent);
  }

  /** The live cancel to join at {@code now}; null: none is live. */
  public @Nullable Flight live(Instant now) {
    if (flight != null && now.isBefore(flight.until())) {
      return flight;
    }
    for (Flight waiting : joined) {
      if (now.isBefore(waiting.until())) {
        return flight == null ? waiting : flight;
      }
    }
    return null;
  }

  /** How many that joined are live; the ledger has answered the others, though not heard yet. */
  int waiting(Instant now) {
    int live = 0;
    for (Flight waiting : joined) {
      live += now.isBefore(waiting.until()) ? 1 : 0;
    }
    return live;
  }

  /** Whether this cancel's outcome was heard lately. */
  public boolean settled(Cancel cancel) {
    return recent.stream()
        .anyMatch(
            past ->
                past.cancelId().equals(cancel.cancelId()) && past.digest().equals(cancel.digest()));
  }

  /** Whether the desk has an opinion on this cancelId already. */
  public boolean knows(String cancelId) {
    return (flight != null && flight.cancelId().equals(cancelId))
        || joined.stream().anyMatch(j -> j.cancelId().equals(cancelId))
        || refused.stream().anyMatch(r -> r.cancel().cancelId().equals(cancelId))
        || recent.stream().anyMatch(p -> p.cancelId().equals(cancelId));
  }

  DeskOrder leading(Flight next) {
    boolean again = flight != null && flight.cancelId().equals(next.cancelId());
    return new DeskOrder(order, next, again ? joined : List.of(), refused, recent);
  }

  /** One leads that led before; what leads now, and is live, goes on as those that have joined. */
  DeskOrder leadingAgain(Flight next, Instant now) {
    List<Flight> others = new ArrayList<>();
    if (flight != null && now.isBefore(flight.until())) {
      others.add(flight);
    }
    others.addAll(joined);
    others.removeIf(one -> one.cancelId().equals(next.cancelId()));
    return new DeskOrder(order, next, List.copyOf(others), refused, recent);
  }

  DeskOrder joining(Flight next) {
    if (knows(next.cancelId())) {
      return this;
    }
    List<Flight> all = new ArrayList<>(joined);
    all.add(next);
    return new DeskOrder(order, flight, List.copyOf(all), refused, recent);
  }

  DeskOrder refusing(Refusal next) {
    if (knows(next.cancel().cancelId())) {
      return this;
    }
    List<Refusal> all = new ArrayList<>(refused);
    all.add(next);
    if (all.size() > MOST_REFUSED) {
      all.removeFirst();
    }
    return new DeskOrder(order, flight, joined, List.copyOf(all), recent);
  }

  /**
   * After an outcome was heard: its flight ends, or goes over to its successor, or to the first
   * that was sent to join it too late and leads itself now.
   */
  public DeskOrder settled(Outcome outcome, Duration slack) {
    String id = outcome.cancel().cancelId();
    List<Flight> waiting = new ArrayList<>(joined);
    waiting.removeIf(w -> w.cancelId().equals(id));
    Flight next = flight;
    if (flight == null || flight.cancelId().equals(id)) {
      next = null;
      if (outcome.successor() != null && outcome.successorDeadline() != null) {
        next = new Flight(outcome.successor(), "", -1, outcome.successorDeadline().plus(slack));
        for (Flight one : waiting) {
          next = one.cancelId().equals(outcome.successor()) ? one : next;
        }
      } else if (!waiting.isEmpty()) {
        next = waiting.getFirst();
      }
      waiting.remove(next);
    }
    List<Past> past = new ArrayList<>(recent);
    past.removeIf(p -> p.cancelId().equals(id));
    past.add(new Past(id, outcome.cancel().digest(), outcome.decidedAt()));
    if (past.size() > MOST_RECENT) {
      past.removeFirst();
    }
    return new DeskOrder(
        order,
        next,
        List.copyOf(waiting),
        refused.stream().filter(r -> !r.cancel().cancelId().equals(id)).toList(),
        List.copyOf(past));
  }

  /** Whether nothing here is worth keeping at {@code now}. */
  public boolean forgettable(Instant now, Duration forgetTerminal, Duration forgetIdle) {
    if (live(now) != null || refused.stream().anyMatch(r -> now.isBefore(r.cancel().until()))) {
      return false;
    }
    Instant last = order == null ? Instant.EPOCH : order.observedAt();
    for (Past past : recent) {
      last = past.settledAt().isAfter(last) ? past.settledAt() : last;
    }
    boolean terminal = order == null || order.terminal();
    return last.plus(terminal ? forgetTerminal : forgetIdle).isBefore(now);
  }
}
