package io.countermand.domain.lifecycle;

import io.countermand.domain.Cancel;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's decision: an order's state and one record in, the new state and effects out. Pure,
 * and clockless: time is what the records say, so a replay of the topics decides the same. The
 * rules stand in {@link CancelTable}.
 */
public final class Lifecycle {

  /**
   * So many cancels of one order are kept before the desk has spoken of them, lest the order's
   * record outgrow its topic; a further one is known again by the desk's word. Refuses nobody: how
   * many are too many, the desk alone decides ({@link DeskRules#MOST_JOINED}).
   */
  static final int MOST_KEPT = 400;

  private Lifecycle() {}

  /**
   * A cancel that has its outcome.
   *
   * @param at when that was decided
   * @param intentOffset where its intent stands in the partition at hand; -1: in another
   */
  public record Settled(String digest, Instant at, long intentOffset) {}

  /** What is remembered of an order's cancels that are not open. */
  @FunctionalInterface
  public interface Memory {

    /** A cancelId of this order among the settled; null if it is not there. */
    @Nullable Settled settled(String cancelId);

    /** Whether a cancel that is not there may have been settled and forgotten. */
    default boolean mayHaveForgotten(Cancel cancel) {
      return false;
    }

    /**
     * Leases under which a desk may have called for a cancel, though no decision of it that the log
     * has up to here says so ({@link io.countermand.domain.lease.Leases#mayHaveCalled}).
     */
    default List<Long> mayHaveCalled(Cancel cancel) {
      return List.of();
    }
  }

  /** New state and what to do, in order. */
  public record Step(OrderLedger state, List<LedgerEffect> effects) {}

  public static Step step(OrderLedger state, LedgerEvent event, LedgerRules rules, Memory memory) {
    return step(state, event, rules, memory, CancelTable.RULES);
  }

  /** The same by another table; for tests of the table. */
  public static Step step(
      OrderLedger state, LedgerEvent event, LedgerRules rules, Memory memory, CancelTable table) {
    OrderLedger before = state.touched(event.time());
    var page = new OrderWork(before, progress(event));
    var run = new LifecycleRun(page, rules, table);
    switch (event) {
      case LedgerEvent.OrderSeen seen -> run.orderSeen(seen);
      case LedgerEvent.OfCancel ofCancel -> dispatch(page, run, ofCancel, memory);
    }
    new FindingRun(page, FindingRules.RULES, before).look(event);
    return page.done();
  }

  /**
   * Where a record of the progress stands; null: it is of another topic. What is read late is
   * worked in behind nothing of its order that stands behind it, so up to there all is known.
   */
  private static @Nullable Evidence progress(LedgerEvent event) {
    return switch (event) {
      case LedgerEvent.OrderSeen _ -> null;
      case LedgerEvent.IntentSeen _ -> null;
      case LedgerEvent.OfCancel said -> said.at();
    };
  }

  private static void dispatch(
      OrderWork page, LifecycleRun run, LedgerEvent.OfCancel event, Memory memory) {
    Cancel cancel = event.cancel();
    OpenCancel open = page.find(cancel.cancelId());
    if (open == null) {
      Settled past = memory.settled(cancel.cancelId());
      if (past != null) {
        afterwards(page, run, event, past, memory);
        return;
      }
      if (!opens(event) || memory.mayHaveForgotten(cancel)) {
        return;
      }
      if (event instanceof LedgerEvent.IntentSeen && page.size() >= MOST_KEPT) {
        return;
      }
      open = OpenCancel.of(cancel, OpenCancel.Phase.UNDECIDED);
    } else if (!open.cancel().digest().equals(cancel.digest())) {
      conflict(page, event);
      return;
    }
    open = open.seen(event.at());
    if (!(event instanceof LedgerEvent.IntentSeen)) { // that decides nothing
      open = open.presumed(mayHaveCalled(memory), event.time());
      doubt(page, open.id(), event, memory);
    }
    switch (event) {
      case LedgerEvent.IntentSeen _ -> page.keep(open);
      case LedgerEvent.Decided said -> run.decided(open, said);
      case LedgerEvent.Started started -> run.started(open, started);
      case LedgerEvent.Replied replied -> run.replied(open, replied);
      case LedgerEvent.TimerFired fired -> run.timer(open, fired);
    }
  }

  /**
   * Looks again whether a desk may have called for the others, whose outcomes this one's may be:
   * for those that had joined one, too. None has its outcome by that: a timer of its own gives it.
   */
  private static void doubt(
      OrderWork page, String except, LedgerEvent.OfCancel event, Memory memory) {
    for (OpenCancel other : List.copyOf(page.open())) {
      boolean its = event instanceof LedgerEvent.Replied said && other.has(said.attemptId());
      if ((other.presumed() || other.phase() == OpenCancel.Phase.JOINED || its)
          && !other.id().equals(except)) {
        page.keep(other.presumed(mayHaveCalled(memory), event.time()));
      }
    }
  }

  /**
   * Leases under which it may have been called: for the intent that opened it, not for one that
   * repeats it, of which the record at hand may be. What came to the log past its deadline is
   * called by nobody: whoever calls knows that it is at least as late as the intent's own time in
   * the log.
   */
  private static Function<Cancel, List<Long>> mayHaveCalled(Memory memory) {
    return cancel ->
        cancel.receivedAt().isBefore(cancel.deadline()) ? memory.mayHaveCalled(cancel) : List.of();
  }

  /** Whether a record makes a cancel known: progress may be read before its intent. */
  private static boolean opens(LedgerEvent.OfCancel event) {
    return switch (event) {
      case LedgerEvent.TimerFired _ -> false;
      case LedgerEvent.Decided said -> !(said.decision() instanceof DeskDecision.Repeat);
      default -> true;
    };
  }

  /**
   * The cancel has its outcome already; only what was proved of the order still counts, and what
   * {@link FindingRules} says of it.
   */
  private static void afterwards(
      OrderWork page, LifecycleRun run, LedgerEvent.OfCancel event, Settled past, Memory memory) {
    if (!past.digest().equals(event.cancel().digest())) {
      conflict(page, event);
    } else if (event instanceof LedgerEvent.Replied replied) {
      run.learn(replied);
      Instant sentAt = replied.sentAt() == null ? replied.time() : replied.sentAt();
      run.bequeathed(
          replied.cancel(), replied.attemptId(), replied.attemptNo(), replied.kind(), sentAt);
      doubt(page, event.cancel().cancelId(), event, memory);
      run.inherited(replied);
    } else if (event instanceof LedgerEvent.Started started) {
      run.bequeathed(
          started.cancel(),
          started.attemptId(),
          started.attemptNo(),
          started.kind(),
          started.time());
    }
  }

  private static void conflict(OrderWork page, LedgerEvent.OfCancel event) {
    if (event instanceof LedgerEvent.IntentSeen) {
      page.effect(
          new LedgerEffect.Conflict(
              event.cancel(),
              "cancelId '"
                  + event.cancel().cancelId()
                  + "' was used before with other content; use a new cancelId"));
    }
  }
}
