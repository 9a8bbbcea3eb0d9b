package io.countermand.console;

import io.countermand.console.kept.CancelLife;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.Reason;
import io.countermand.events.RequestKind;
import java.util.Optional;

/** What an outcome means, in a sentence, and what is to be done; docs/outcomes.md has it longer. */
final class OutcomeMeanings {

  private OutcomeMeanings() {}

  private static final String OPEN =
      "It has no outcome yet. One comes at its deadline plus the grace for late answers, at the"
          + " latest.";

  /** The outcome stays; who reads it need not look up what was learned since. */
  private static final String RESOLVED =
      "A call may have reached the venue, and when this was decided nobody knew what became of the"
          + " order. It was learned later.";

  static String of(CancelLife life) {
    if (life.outcome() == null) {
      return OPEN;
    }
    return life.unresolved() && life.resolved().isPresent() ? RESOLVED : of(life.outcome());
  }

  static String of(CancelOutcome outcome) {
    return result(outcome.getResult()) + " " + reason(outcome.getReason());
  }

  private static String result(CancelResult result) {
    return switch (result) {
      case CANCELED -> "The order is cancelled.";
      case PENDING ->
          "The venue took the cancel, and nobody has confirmed it: it may be open still.";
      case REJECTED -> "This cancel did certainly not cancel the order, or was never sent.";
      case UNRESOLVED ->
          "A call may have reached the venue, and nobody knows what became of the order.";
    };
  }

  /** Every reason that there is, so that a new one does not compile without its sentence. */
  static String reason(Reason reason) {
    return switch (reason) {
      case OTHER -> "The words of the outcome say why.";
      case CONFIRMED_BY_VENUE -> "The venue's own reply says so.";
      case CONFIRMED_BY_ORDER_EVENT ->
          "An order event says so, after a cancel of ours could reach the venue.";
      case CONFIRMED_BY_STATUS ->
          "A status query says so, after a cancel of ours could reach the venue.";
      case NOT_CONFIRMED ->
          "No order event and no status query told of its end in time; watch the order.";
      case MALFORMED -> "The intent makes no sense; mend what the text names, and send it anew.";
      case UNKNOWN_VENUE -> "No venue of that name is configured; nothing was sent.";
      case DEADLINE_PASSED -> "No call could start before the deadline; nothing was sent.";
      case ORDER_FILLED -> "The order was filled before.";
      case ORDER_CANCELED -> "The order had been cancelled before, not by this cancel.";
      case ORDER_REJECTED -> "The venue had rejected the order itself.";
      case ORDER_EXPIRED -> "The order had expired.";
      case ORDER_NOT_OPEN -> "The order is not open any more; how it ended nobody said.";
      case UNKNOWN_ORDER -> "The venue does not know this order: check the id and the account.";
      case INVALID_REQUEST -> "It does not fit the venue's own rules, and was not sent.";
      case ACCOUNT_REFUSED -> "The venue refuses this account.";
      case UNSUPPORTED -> "The venue does not offer this.";
      case VENUE_REFUSED -> "The venue refused; its words say why.";
      case UNAUTHORIZED ->
          "There was no valid credential until the deadline: check the venue's credentials.";
      case RATE_LIMITED -> "The venue's rate left no room until the deadline.";
      case VENUE_UNAVAILABLE -> "The venue could not be reached until the deadline.";
      case NO_ANSWER -> "It was sent, and no answer came: look the order up at the venue.";
      case UNCLEAR_ANSWER ->
          "Answers came and do not say what became of the order: look it up at the venue.";
      case LEADER_STILL_OPEN ->
          "Its deadline passed while the cancel it had joined was open: see that one's outcome.";
      case TOO_MANY_PENDING ->
          "Too many cancels of this order wait already: theirs is the answer to watch.";
      case QUEUE_FULL -> "Too many cancels wait for this venue; nothing was sent. Try again later.";
    };
  }

  /** For an outcome that leaves the order in doubt: what to look at, and where. */
  static String check(CancelLife life) {
    CancelOutcome outcome = life.outcome();
    String where =
        "Look up order "
            + DisplayText.beginning(life.orderId(), 80)
            + " of account "
            + DisplayText.beginning(life.account(), 80)
            + " at "
            + DisplayText.beginning(life.venue(), 80)
            + ", in its own screen or by its support.";
    if (outcome == null) {
      return where;
    }
    if (outcome.getReason() == Reason.LEADER_STILL_OPEN && outcome.getJoinedTo() != null) {
      return "See the cancel that it had joined, "
          + DisplayText.beginning(outcome.getJoinedTo(), 80)
          + ": its outcome holds for both. "
          + where;
    }
    long sent =
        outcome.getAttempts().stream()
            .filter(each -> each.getSent() && each.getKind() == RequestKind.CANCEL)
            .count();
    return where
        + " "
        + sent
        + (sent == 1 ? " cancel" : " cancels")
        + " may have reached it. If the order is open there, cancel it there, or send a new"
        + " cancel: one more does no harm.";
  }

  /** What was learned later; empty: nothing. */
  static Optional<String> later(CancelLife life) {
    return life.findings().stream()
        .map(each -> each.getKind() + ": " + each.getText() + ".")
        .reduce((one, other) -> one + " " + other);
  }
}
