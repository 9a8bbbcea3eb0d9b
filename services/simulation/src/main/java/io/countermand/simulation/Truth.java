package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.simulation.engine.Log;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks promise 2: what an outcome says, against the venue's own book and the calls made. */
final class Truth {

  /** An intent with so much undisturbed time before its deadline must have been tried. */
  private static final long TIME_TO_TRY = 3500;

  /** What the ledger asked for with so much undisturbed time left must have been tried. */
  private static final long TIME_TO_TRY_AGAIN = 2000;

  private static final String UNTRIED_AGAIN =
      "the ledger asked in time for another call, and nobody tried";

  private static final Evidence NOWHERE = new Evidence("", 0, 0);

  private final World world;
  private final Map<String, Log.Entry<Outcome>> answers;

  Truth(World world, Map<String, Log.Entry<Outcome>> answers) {
    this.world = world;
    this.answers = answers;
  }

  /** When an outcome could be read. */
  static long decided(Log.Entry<Outcome> entry) {
    return entry.txn() == null ? entry.at() : entry.txn().endedAt;
  }

  void check(Log.Entry<Outcome> entry) {
    Outcome outcome = entry.value();
    TrueOrder book = world.book(outcome.cancel());
    Set<String> own = own(outcome);
    String lie =
        switch (outcome.result()) {
          case CANCELED -> ended(book, OrdStatus.CANCELED, entry.at());
          case PENDING ->
              own.stream().anyMatch(book.accepted::contains) ? null : "nobody accepted it";
          case REJECTED -> rejected(entry, book, own);
          case UNRESOLVED -> unresolved(entry, own);
        };
    if (lie == null) {
      lie = details(outcome, book);
    }
    if (lie == null) {
      lie = stamp(outcome, book);
    }
    if (lie != null) {
      world.broke(
          "2: "
              + outcome.cancel().cancelId()
              + " "
              + outcome.result()
              + " "
              + outcome.reason()
              + ", but "
              + lie);
    }
  }

  /** This cancel and those whose attempts count as its own. */
  private Set<String> own(Outcome outcome) {
    Set<String> own = new HashSet<>();
    Outcome next = outcome;
    while (next != null && own.add(next.cancel().cancelId())) {
      Log.Entry<Outcome> leader = next.joinedTo() == null ? null : answers.get(next.joinedTo());
      next = leader == null ? null : leader.value();
    }
    return own;
  }

  private static @Nullable String ended(TrueOrder book, OrdStatus as, long by) {
    return book.status == as && book.endedAt <= by ? null : "the order was not " + as;
  }

  private @Nullable String rejected(Log.Entry<Outcome> entry, TrueOrder book, Set<String> own) {
    Outcome outcome = entry.value();
    if (book.canceledBy != null && own.contains(book.canceledBy)) {
      return "a call for " + book.canceledBy + " cancelled the order";
    }
    if (outcome.decidedBy() == DecidedBy.DEADLINE && called(own, true)) {
      return "the venue handled it before the deadline";
    }
    if (outcome.decidedBy() == DecidedBy.DEADLINE && untriedAgain(outcome)) {
      return UNTRIED_AGAIN;
    }
    return switch (outcome.reason()) {
      case ORDER_FILLED -> ended(book, OrdStatus.FILLED, entry.at());
      case ORDER_CANCELED -> ended(book, OrdStatus.CANCELED, entry.at());
      case ORDER_REJECTED -> ended(book, OrdStatus.REJECTED, entry.at());
      case ORDER_EXPIRED -> ended(book, OrdStatus.EXPIRED, entry.at());
      case ORDER_NOT_OPEN -> book.endedAt <= entry.at() ? null : "the order was open";
      case UNKNOWN_ORDER -> book.status == null || book.ended() ? null : "the venue knew the order";
      case MALFORMED, UNKNOWN_VENUE, INVALID_REQUEST, TOO_MANY_PENDING, QUEUE_FULL ->
          called(own, false) ? "the venue was called" : null;
      case DEADLINE_PASSED -> called(own, false) ? "the venue was called" : untried(outcome);
      case UNAUTHORIZED, RATE_LIMITED, VENUE_UNAVAILABLE ->
          called(own, true) ? "the venue handled it" : null;
      default -> null;
    };
  }

  private boolean called(Set<String> ids, boolean handled) {
    for (SimulatedCall call : world.calls) {
      if (call.isCancel()
          && ids.contains(call.cancelId)
          && (handled ? call.handled : call.reached)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable String untried(Outcome outcome) {
    long deadline = world.virtual(outcome.cancel().deadline());
    long since =
        Math.max(world.virtual(outcome.cancel().receivedAt()), world.undisturbedSince(deadline));
    boolean tried = outcome.attempts().stream().anyMatch(a -> a.kind() == RequestKind.CANCEL);
    return outcome.decidedBy() == DecidedBy.DEADLINE
            && outcome.joinedTo() == null
            && !tried
            && since + TIME_TO_TRY < deadline
            && !Markers.lostOf(world, outcome.cancel().cancelId()) // else somebody may have
        ? "there was time, and nobody tried"
        : null;
  }

  private @Nullable String unresolved(Log.Entry<Outcome> entry, Set<String> own) {
    Outcome outcome = entry.value();
    if (outcome.decidedAt().isBefore(outcome.cancel().deadline())) {
      return "its deadline was still to come";
    }
    if (outcome.reason() == Reason.LEADER_STILL_OPEN) {
      return null;
    }
    if (untriedAgain(outcome)) {
      return UNTRIED_AGAIN;
    }
    return Markers.mayHaveReached(world, own, entry.at())
            || Markers.mayBeLeased(world, own, outcome, entry.at())
        ? null
        : "it certainly never reached the venue";
  }

  /** Whether nothing came of the last call to cancel that the ledger asked for. */
  private boolean untriedAgain(Outcome outcome) {
    Cancel cancel = outcome.cancel();
    Log.Entry<CancelRequest> asked = null;
    for (Log.Entry<CancelRequest> entry : world.retries.committed()) {
      boolean its =
          entry.value().kind() == RequestKind.CANCEL
              && entry.value().cancel().order().equals(cancel.order())
              && entry.value().cancel().cancelId().equals(cancel.cancelId());
      asked = its ? entry : asked;
    }
    if (asked == null || Markers.lostOf(world, cancel.cancelId())) {
      return false;
    }
    long read = asked.txn() == null ? asked.at() : asked.txn().endedAt;
    long deadline = world.virtual(cancel.deadline());
    return Math.max(read, world.undisturbedSince(deadline)) + TIME_TO_TRY_AGAIN < deadline
        && !triedSince(asked, cancel);
  }

  /**
   * Whether something tried that the ledger had not read when it asked, or that was written since.
   */
  private boolean triedSince(Log.Entry<CancelRequest> asked, Cancel cancel) {
    Evidence follows = asked.value().follows();
    for (int offset = 0; offset < world.progress.end(); offset++) {
      Log.Entry<World.Progress> entry = world.progress.get(offset);
      boolean since = entry.at() >= asked.at() || (follows != null && offset > follows.offset());
      if (since
          && !entry.open()
          && !entry.aborted()
          && entry.value().events(NOWHERE).stream().anyMatch(event -> tries(event, cancel))) {
        return true;
      }
    }
    return false;
  }

  private static boolean tries(LedgerEvent event, Cancel cancel) {
    return (event instanceof LedgerEvent.Started || event instanceof LedgerEvent.Replied)
        && event instanceof LedgerEvent.OfCancel of
        && of.cancel().order().equals(cancel.order())
        && of.cancel().cancelId().equals(cancel.cancelId());
  }

  /** A consumer orders by {@code decidedAt}: no earlier than the end it tells of, clocks apart. */
  private @Nullable String stamp(Outcome outcome, TrueOrder book) {
    OrdStatus status = outcome.ordStatus();
    return status != null
            && status.terminal()
            && world.virtual(outcome.decidedAt()) + world.faults.skew() + world.deskLag
                < book.endedAt
        ? "it is stamped before that happened"
        : null;
  }

  private static @Nullable String details(Outcome outcome, TrueOrder book) {
    BigDecimal executed = outcome.executedQty();
    if (executed != null && executed.intValue() > book.filled) {
      return "executed is " + book.filled + ", not " + executed;
    }
    OrdStatus status = outcome.ordStatus();
    if (status != null && status.terminal() && status != book.status) {
      return "the order is " + book.status + ", not " + status;
    }
    return outcome.result() == CancelResult.CANCELED && outcome.cxlRejReason() != null
        ? "it carries a CxlRejReason"
        : null;
  }
}
