package io.countermand.domain.lifecycle;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.EventAge;
import io.countermand.domain.order.OrderState;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What later evidence says of a cancel that has its outcome. Pure; {@link FindingRun} tells it,
 * each kind once.
 *
 * <pre>
 * the order, after this record    | PENDING, UNRESOLVED | its end was said | "not open" was said | any other
 * --------------------------------+---------------------+------------------+---------------------+----------
 * certainly ended, not said yet   | RESOLVED (1)        | -                | -                   | -
 * ended otherwise                 | -                   | CONTRADICTED     | -                   | -
 * an end, now disputed            | -                   | CONTRADICTED     | -                   | -
 * open again                      | -                   | CONTRADICTED     | CONTRADICTED (2)    | -
 * the same end, more executed     | -                   | EXECUTED_MORE(3) | -                   | -
 *
 * a record of our call to cancel  | never sent (4)      | never handled (5) | any other REJECTED  | else
 * --------------------------------+---------------------+-------------------+---------------------+-----
 * answer: canceled                | CONTRADICTED        | CONTRADICTED      | CONTRADICTED        | -
 * answer that shows it handled    | CONTRADICTED        | CONTRADICTED      | -                   | -
 * any other answer, sent          | CONTRADICTED        | -                 | -                   | -
 * marker                          | CONTRADICTED (6)    | -                 | -                   | -
 * </pre>
 *
 * (1) From then on its end was said.
 *
 * <p>(2) Or the venue's own time of an open state is well after the outcome: a merely late event is
 * older.
 *
 * <p>(3) Where a quantity was said. An order that was not said to have ended may well go on
 * trading.
 *
 * <p>(4) MALFORMED, UNKNOWN_VENUE, INVALID_REQUEST, DEADLINE_PASSED, QUEUE_FULL, TOO_MANY_PENDING.
 *
 * <p>(5) UNAUTHORIZED, RATE_LIMITED, VENUE_UNAVAILABLE.
 *
 * <p>(6) Only if that was decided before the deadline, and no call was known of: a marker that was
 * not read by deadline and grace was appended after the deadline, and its call is not made.
 *
 * <p>What only changes how an order is known that way already is nothing new: all but RESOLVED are
 * told of the record with which it became so. An order that is a name says nothing by its state,
 * unless by the answer to the cancel itself: another order may have the name by now.
 */
public class FindingRules {

  /** The rules in force. */
  public static final FindingRules RULES = new FindingRules();

  protected FindingRules() {}

  /**
   * By the order's state.
   *
   * @param before as known before the record; null: nothing was
   */
  public @Nullable FindingKind byOrder(
      JudgedCancel said, @Nullable OrderState before, OrderState now) {
    if (said.awaits() && now.certainlyEnded() && now.ordStatus() != said.ordStatus()) {
      return FindingKind.RESOLVED;
    }
    if (said.saidHow()
        ? againstEnd(said, before, now)
        : said.saidGone() && open(said, before, now)) {
      return FindingKind.CONTRADICTED;
    }
    return said.saidHow()
            && now.ordStatus() == said.ordStatus()
            && greater(now.cumQty(), said.cumQty())
        ? FindingKind.EXECUTED_MORE
        : null;
  }

  private static boolean againstEnd(
      JudgedCancel said, @Nullable OrderState before, OrderState now) {
    boolean otherwise = now.ordStatus() != said.ordStatus();
    boolean news = before == null || before.ordStatus() != now.ordStatus();
    if (now.terminal()) {
      boolean disputed = now.disputed() && (before == null || !before.disputed());
      return (otherwise && news) || disputed;
    }
    return before != null && (before.terminal() || (now.disputed() && !before.disputed()));
  }

  private static boolean open(JudgedCancel said, @Nullable OrderState before, OrderState now) {
    return !now.terminal()
        && ((before != null && before.terminal())
            || (now.venueTime() != null
                && now.venueTime().isAfter(said.decidedAt().plus(EventAge.LATEST))));
  }

  private static boolean greater(@Nullable BigDecimal now, @Nullable BigDecimal said) {
    return now != null && said != null && now.compareTo(said) > 0;
  }

  /** By an answer to one of its calls, or of the cancel whose outcome it shares. */
  public @Nullable FindingKind byAnswer(JudgedCancel said, LedgerEvent.Replied answer) {
    if (said.result() != CancelResult.REJECTED || answer.kind() != RequestKind.CANCEL) {
      return null;
    }
    boolean against =
        answer.reply() instanceof Reply.Canceled
            || (answer.sent()
                && (neverSent(said.reason())
                    || (neverHandled(said.reason()) && handled(answer.reply()))));
    return against ? FindingKind.CONTRADICTED : null;
  }

  /** By a marker of one of its calls. */
  public @Nullable FindingKind byMarker(JudgedCancel said, LedgerEvent.Started marker) {
    return said.result() == CancelResult.REJECTED
            && marker.kind() == RequestKind.CANCEL
            && neverSent(said.reason())
            && said.attempts().isEmpty()
            && said.decidedAt().isBefore(said.cancel().deadline())
        ? FindingKind.CONTRADICTED
        : null;
  }

  private static boolean neverSent(Reason reason) {
    return switch (reason) {
      case MALFORMED,
          UNKNOWN_VENUE,
          INVALID_REQUEST,
          DEADLINE_PASSED,
          QUEUE_FULL,
          TOO_MANY_PENDING ->
          true;
      default -> false;
    };
  }

  private static boolean neverHandled(Reason reason) {
    return switch (reason) {
      case UNAUTHORIZED, RATE_LIMITED, VENUE_UNAVAILABLE -> true;
      default -> false;
    };
  }

  private static boolean handled(Reply reply) {
    return switch (ReplyKind.of(reply)) {
      case CANCELED, ACCEPTED, NOT_OPEN, UNKNOWN_ORDER, GONE_OR_UNKNOWN, REFUSED -> true;
      default -> false;
    };
  }
}
