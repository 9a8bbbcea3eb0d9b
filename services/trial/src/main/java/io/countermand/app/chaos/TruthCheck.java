package io.countermand.app.chaos;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.journal.JournalEntry.Changed;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an outcome says, against what the venue's journal says. */
final class TruthCheck {

  private final Reconciliation books;

  TruthCheck(Reconciliation books) {
    this.books = books;
  }

  /** Why the outcome is a lie; null: it is none. */
  @Nullable String lie(Outcome outcome) {
    OrderRef order = outcome.cancel().order();
    Set<String> own = books.family(outcome);
    Changed last = books.last(order);
    String lie =
        switch (outcome.result()) {
          case CANCELED -> canceled(outcome, own, last);
          case PENDING -> pending(order, own);
          case REJECTED -> rejected(outcome, own, last);
          case UNRESOLVED -> unresolved(outcome, own);
        };
    return lie == null ? details(outcome, last) : lie;
  }

  private @Nullable String canceled(Outcome outcome, Set<String> own, @Nullable Changed last) {
    String lie = ended(OrdStatus.CANCELED, outcome, last);
    if (lie == null && !books.marked(outcome.cancel().order(), own)) {
      return "no call was ever to be made for it";
    }
    return lie;
  }

  private @Nullable String pending(OrderRef order, Set<String> own) {
    // An attempt's call may be another's, too: only the absence of any is certain.
    boolean taken =
        books.history(order).calls().stream()
            .filter(call -> took(call) || call.effect() == Effect.ALREADY_PENDING)
            .anyMatch(call -> books.makers(order, call).stream().anyMatch(own::contains));
    return taken ? null : "the venue took no cancel of it";
  }

  private @Nullable String rejected(Outcome outcome, Set<String> own, @Nullable Changed last) {
    OrderRef order = outcome.cancel().order();
    List<JournalCall> calls = books.callsOf(order, own);
    Changed end = last == null || last.order().open() ? null : last;
    if (end != null
        && end.order().status() == OrdStatus.CANCELED
        && calls.stream().anyMatch(call -> call.received().call() == end.call())) {
      return "its call " + end.call() + " cancelled the order";
    }
    return switch (outcome.reason()) {
      case ORDER_FILLED -> ended(OrdStatus.FILLED, outcome, last);
      case ORDER_CANCELED -> ended(OrdStatus.CANCELED, outcome, last);
      case ORDER_REJECTED -> ended(OrdStatus.REJECTED, outcome, last);
      case ORDER_EXPIRED -> ended(OrdStatus.EXPIRED, outcome, last);
      case ORDER_NOT_OPEN, UNKNOWN_ORDER ->
          last == null || (end != null && !later(end, outcome)) ? null : "the order was open";
      case DEADLINE_PASSED,
          VENUE_UNAVAILABLE,
          RATE_LIMITED,
          UNAUTHORIZED,
          INVALID_REQUEST,
          MALFORMED,
          UNKNOWN_VENUE,
          TOO_MANY_PENDING ->
          calls.stream().anyMatch(call -> call.effect() != Effect.NONE)
              ? "the venue handled a call of it"
              : null;
      default -> "there was no cause for this reason in the run";
    };
  }

  private @Nullable String unresolved(Outcome outcome, Set<String> own) {
    if (outcome.decidedAt().isBefore(outcome.cancel().deadline())) {
      return "its deadline was still to come";
    }
    return outcome.reason() == Reason.LEADER_STILL_OPEN
            || books.marked(outcome.cancel().order(), own)
        ? null
        : "it certainly never reached the venue";
  }

  private static boolean took(JournalCall call) {
    return switch (call.effect()) {
      case CANCELED_NOW, CANCEL_PENDING, FILLED_FIRST -> true;
      default -> false;
    };
  }

  private static @Nullable String ended(OrdStatus as, Outcome outcome, @Nullable Changed last) {
    if (last == null) {
      return "the venue never had the order";
    }
    if (last.order().status() != as) {
      return "the order is " + last.order().status();
    }
    return later(last, outcome) ? "that happened only later" : null;
  }

  /** Decisions carry Kafka's milliseconds, the journal has microseconds. */
  private static boolean later(Changed change, Outcome outcome) {
    return change.at().truncatedTo(ChronoUnit.MILLIS).isAfter(outcome.decidedAt());
  }

  private static @Nullable String details(Outcome outcome, @Nullable Changed last) {
    OrdStatus told = outcome.ordStatus();
    OrdStatus is = last == null ? null : last.order().status();
    if (told != null && told.terminal() && told != is) {
      return "the order is " + is + ", not " + told;
    }
    BigDecimal executed = outcome.executedQty();
    if (executed == null || last == null) {
      return null;
    }
    int more = executed.compareTo(last.order().filled());
    boolean gone = outcome.result() == CancelResult.CANCELED || (told != null && told.terminal());
    return more > 0 || (more != 0 && gone)
        ? "executed is " + last.order().filled().toPlainString() + ", not " + executed
        : null;
  }
}
