package io.countermand.domain.lifecycle;

import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.lifecycle.OpenCancel.Belief;
import io.countermand.domain.lifecycle.OpenCancel.Phase;
import io.countermand.domain.order.OrdStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The cancel lifecycle as one table: every reply, order state and time that can meet a cancel, by
 * what our own attempts can have done so far. Nothing here computes; {@link Lifecycle} carries the
 * steps out. A class with methods, not constants, so that a test can flip one cell and see who
 * notices.
 */
public class CancelTable {

  /** The rules in force. */
  public static final CancelTable RULES = new CancelTable();

  protected CancelTable() {}

  /** What to do next. */
  public enum Next {
    /** Outcome CANCELED, by the venue's word. */
    CANCELED,
    /** Outcome REJECTED, with the reply's reason. */
    REJECTED,
    /** Outcome by the order's known terminal state. */
    AS_ORDER,
    /** Outcome PENDING. */
    PENDING,
    /** Outcome UNRESOLVED. */
    UNRESOLVED,
    /** Outcome REJECTED: never handled by the venue before the deadline. */
    NEVER_SENT,
    /** Cancel again after a pause. */
    RETRY,
    /** Learn the order's state: ask where the venue can be asked, else wait for order events. */
    FIND_OUT,
    /** Let the clock come round through the log once, then decide again. */
    BARRIER,
    /** Send a cancel. */
    ASK_CANCEL,
    /** Send a status query. */
    ASK_STATUS,
    /** Nothing now; whatever is awaited is awaited still. */
    WAIT
  }

  /**
   * The desk refused a cancel before anything else was known of it.
   *
   * <pre>
   * reason           | before deadline + grace | later
   * -----------------+-------------------------+---------
   * DEADLINE_PASSED  | WAIT                    | REJECTED  a request of the desk's life before a crash may still be called
   * QUEUE_FULL       | WAIT                    | REJECTED  the same record may be decided otherwise after a crash, and called
   * TOO_MANY_PENDING | WAIT                    | REJECTED  likewise
   * any other        | REJECTED                | REJECTED
   * </pre>
   */
  public Next onRefused(Reason reason, boolean graceOver) {
    return switch (reason) {
      case DEADLINE_PASSED, QUEUE_FULL, TOO_MANY_PENDING -> graceOver ? Next.REJECTED : Next.WAIT;
      default -> Next.REJECTED;
    };
  }

  /**
   * A reply to a cancel. {@code others}: what attempts other than this one can have done; {@code
   * answered}: another attempt had NotOpen, UnknownOrder or Refused for an answer.
   *
   * <pre>
   * reply         | UNSENT    | UNKNOWN   | ACCEPTED
   * --------------+-----------+-----------+----------
   * Canceled      | CANCELED  | CANCELED  | CANCELED
   * Accepted      | FIND_OUT  | FIND_OUT  | FIND_OUT   belief rises to ACCEPTED
   * NotOpen       | REJECTED  | FIND_OUT  | FIND_OUT   an earlier attempt may be why it is not open
   * UnknownOrder  | REJECTED  | FIND_OUT  | FIND_OUT
   * GoneOrUnknown | FIND_OUT  | FIND_OUT  | FIND_OUT   see onGone if UNSENT
   * Refused       | REJECTED  | FIND_OUT  | FIND_OUT   says nothing of the earlier attempt
   * RetryLater    | RETRY     | RETRY     | FIND_OUT
   * Unauthorized  | RETRY     | RETRY     | FIND_OUT
   * NotSent       | RETRY     | RETRY     | FIND_OUT
   * Ambiguous     | RETRY     | RETRY     | FIND_OUT   belief rises to UNKNOWN
   * Status        | WAIT      | WAIT      | WAIT       not an answer to a cancel
   * </pre>
   *
   * RetryLater, Unauthorized, NotSent + UNSENT + answered -> REJECTED: the other answer was final,
   * and only this attempt stood in its way.
   */
  public Next onCancelReply(ReplyKind reply, Belief others, boolean answered) {
    return switch (reply) {
      case CANCELED -> Next.CANCELED;
      case ACCEPTED, GONE_OR_UNKNOWN -> Next.FIND_OUT;
      case NOT_OPEN, UNKNOWN_ORDER, REFUSED ->
          others == Belief.UNSENT ? Next.REJECTED : Next.FIND_OUT;
      case RETRY_LATER, UNAUTHORIZED, NOT_SENT ->
          switch (others) {
            case UNSENT -> answered ? Next.REJECTED : Next.RETRY;
            case UNKNOWN -> Next.RETRY;
            case ACCEPTED -> Next.FIND_OUT;
          };
      case AMBIGUOUS -> others == Belief.ACCEPTED ? Next.FIND_OUT : Next.RETRY;
      case STATUS -> Next.WAIT;
    };
  }

  /**
   * A reply to a status query, after its order state (if told) was folded and is not terminal.
   *
   * <pre>
   * reply          | UNSENT | UNKNOWN  | ACCEPTED
   * ---------------+--------+----------+---------
   * Status (open)  | RETRY  | RETRY    | FIND_OUT  still open: an unknown cancel did not work, an accepted one may yet
   * anything else  | RETRY  | FIND_OUT | FIND_OUT  nothing learned
   * </pre>
   */
  public Next onStatusReply(ReplyKind reply, Belief belief) {
    return switch (belief) {
      case UNSENT -> Next.RETRY;
      case UNKNOWN -> reply == ReplyKind.STATUS ? Next.RETRY : Next.FIND_OUT;
      case ACCEPTED -> Next.FIND_OUT;
    };
  }

  /**
   * A cancel was answered with GoneOrUnknown, and nothing of ours can have ended the order.
   *
   * <pre>
   * answer to a status query              | it can be asked | it cannot
   * --------------------------------------+-----------------+----------
   * none yet, or one that says nothing    | ASK_STATUS      | REJECTED   nobody knows which
   * NotOpen, UnknownOrder, GoneOrUnknown  | REJECTED        | REJECTED   nobody knows which
   * Status (open)                         | RETRY           | RETRY      open after all
   * </pre>
   *
   * @param status what the last status query was answered with; null: none was
   * @param query whether the venue can be asked (once more)
   */
  public Next onGone(@Nullable ReplyKind status, boolean query) {
    if (status == ReplyKind.STATUS) {
      return Next.RETRY;
    }
    boolean said =
        status == ReplyKind.NOT_OPEN
            || status == ReplyKind.UNKNOWN_ORDER
            || status == ReplyKind.GONE_OR_UNKNOWN;
    return query && !said ? Next.ASK_STATUS : Next.REJECTED;
  }

  /**
   * Whether a cancel that was to join a live one is sent itself and takes its lead over. (One that
   * says override waits for nobody in any case.)
   *
   * <pre>
   * the live one                                            |
   * --------------------------------------------------------+-----
   * rests, and its deadline has passed                      | yes  it calls no more
   * any other                                               | no
   * </pre>
   *
   * No, in any case, while an attempt is unanswered, given up or not: its call may still go on; nor
   * while a request was asked for of which nothing was heard.
   */
  public boolean takesOver(OpenCancel leader, Instant now) {
    return heardOfAll(leader) && !now.isBefore(leader.cancel().deadline());
  }

  /**
   * Whether a live cancel is tried again at once, since another joins it: it rests, and nothing was
   * sent because the venue was not reached. Its next try may be far, the other's deadline near. A
   * request of which nothing was heard is no reason to wait: the desk drops what another call
   * stands for, and nobody tells its number. If it comes still, the venue is called once more, no
   * worse.
   */
  public boolean wakes(OpenCancel leader, Instant now) {
    return restsAnswered(leader)
        && now.isBefore(leader.cancel().deadline())
        && leader.belief() == Belief.UNSENT
        && leader.lastReason() == Reason.VENUE_UNAVAILABLE;
  }

  private static boolean restsAnswered(OpenCancel leader) {
    return leader.phase() == Phase.RESTING
        && leader.attempts().stream().allMatch(attempt -> attempt.repliedAt() != null);
  }

  private static boolean heardOfAll(OpenCancel leader) {
    return restsAnswered(leader)
        && leader.attempts().stream().anyMatch(attempt -> attempt.attemptNo() == leader.asks());
  }

  /**
   * The order turned terminal while a cancel is open.
   *
   * <pre>
   * phase      | canceled, UNSENT | canceled, UNKNOWN+ | filled, rejected, expired
   * -----------+------------------+--------------------+--------------------------
   * UNDECIDED  | WAIT             | WAIT               | WAIT       the desk will speak
   * JOINED     | WAIT             | WAIT               | WAIT       its leader decides
   * ASKED      | WAIT             | AS_ORDER           | WAIT, AS_ORDER if UNKNOWN+   a call may start any moment
   * CALLING    | WAIT             | WAIT               | WAIT       the answer is near and says more
   * RESTING    | BARRIER          | AS_ORDER           | AS_ORDER   a marker may lie unread: look once more
   * </pre>
   */
  public Next onOrderEnded(Phase phase, Belief belief, OrdStatus status) {
    return switch (phase) {
      case UNDECIDED, JOINED, CALLING -> Next.WAIT;
      case ASKED -> belief == Belief.UNSENT ? Next.WAIT : Next.AS_ORDER;
      case RESTING ->
          belief == Belief.UNSENT && status == OrdStatus.CANCELED ? Next.BARRIER : Next.AS_ORDER;
    };
  }

  /**
   * The deadline and the time for late answers are over.
   *
   * <pre>
   * phase     | UNSENT     | UNKNOWN    | ACCEPTED
   * ----------+------------+------------+---------
   * JOINED    | UNRESOLVED | UNRESOLVED | UNRESOLVED  its leader goes on
   * any other | NEVER_SENT | UNRESOLVED | PENDING
   * </pre>
   */
  public Next onDeadline(Phase phase, Belief belief) {
    if (phase == Phase.JOINED) {
      return Next.UNRESOLVED;
    }
    return switch (belief) {
      case UNSENT -> Next.NEVER_SENT;
      case UNKNOWN -> Next.UNRESOLVED;
      case ACCEPTED -> Next.PENDING;
    };
  }

  /**
   * A resting cancel's time has come, before the deadline.
   *
   * @param again whether one more cancel makes sense and is allowed
   * @param query whether the venue can be asked once more
   */
  public Next onRested(Belief belief, boolean again, boolean query) {
    return switch (belief) {
      case UNSENT -> again ? Next.ASK_CANCEL : Next.WAIT;
      case UNKNOWN -> again ? Next.ASK_CANCEL : query ? Next.ASK_STATUS : Next.WAIT;
      case ACCEPTED -> query ? Next.ASK_STATUS : Next.WAIT;
    };
  }

  /** Whether a leader's answer is the answer for those that joined it, too. */
  public boolean holdsForJoined(Outcome outcome) {
    return switch (outcome.result()) {
      case CANCELED, PENDING -> true;
      case UNRESOLVED -> false;
      case REJECTED ->
          switch (outcome.reason()) {
            case ORDER_FILLED,
                ORDER_CANCELED,
                ORDER_REJECTED,
                ORDER_EXPIRED,
                ORDER_NOT_OPEN,
                UNKNOWN_ORDER,
                INVALID_REQUEST,
                ACCOUNT_REFUSED,
                UNSUPPORTED,
                VENUE_REFUSED ->
                true;
            default -> false;
          };
    };
  }
}
