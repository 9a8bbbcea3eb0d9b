// Over 300 lines: each outcome and its reason in one place, so that none contradicts another.
package io.countermand.domain.lifecycle;

import io.countermand.domain.Attempt;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.CxlRejReason;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lifecycle.CancelTable.Next;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderState;
import io.countermand.domain.order.ReplyDetails;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts outcomes, and what replies prove, into words. */
final class Outcomes {

  private Outcomes() {}

  static Outcome refused(
      OpenCancel open, DeskDecision.Refuse refuse, @Nullable OrderState order, Instant now) {
    return of(
        open,
        CancelResult.REJECTED,
        refuse.reason(),
        refuse.text(),
        refuse.reason().cxlRejReason(),
        refuse.order() == null ? agreed(order) : refuse.order(),
        DecidedBy.DESK,
        now);
  }

  /** The same, by what was kept of it. */
  static Outcome refusedAfterAll(OpenCancel open, @Nullable OrderState order, Instant now) {
    Reason reason = Objects.requireNonNull(open.lastReason());
    String text = Objects.requireNonNullElse(open.lastText(), reason.name());
    return refused(open, new DeskDecision.Refuse(reason, text, null), order, now);
  }

  /** Refused, and not kept until it is certain that no desk decides otherwise. */
  static Outcome refusedForNow(OpenCancel open, DeskDecision.Refuse refuse, Instant now) {
    return of(
        open,
        CancelResult.UNRESOLVED,
        refuse.reason(),
        refuse.text() + "; a desk that was killed before may have called",
        null,
        null,
        DecidedBy.DESK,
        now);
  }

  /**
   * Where the table says that the order is open, its events are of an earlier time or another life,
   * and the reply's own words hold. Where it says another end, nobody knows which is true: the fill
   * of an order that was said to be cancelled is a position that somebody has.
   *
   * @param known with what the reply proves
   */
  static Outcome canceled(
      OpenCancel open, LedgerEvent.Replied replied, @Nullable OrderState known) {
    boolean agrees = known != null && known.ordStatus() == OrdStatus.CANCELED;
    boolean named = open.cancel().order().named(); // the former order of the name may have ended so
    if (known != null && known.terminal() && !agrees && !named) {
      return of(
          open,
          CancelResult.UNRESOLVED,
          Reason.UNCLEAR_ANSWER,
          "the venue says that the order is cancelled, other records say " + known.ordStatus(),
          null,
          null,
          DecidedBy.VENUE,
          replied.time());
    }
    OrderEvent proved = agrees ? null : proved(replied);
    OrderState order = proved == null ? known : OrderFold.fold(null, proved, replied.at());
    Instant now = replied.time();
    return of(
        open,
        CancelResult.CANCELED,
        Reason.CONFIRMED_BY_VENUE,
        "the venue says that the order is cancelled",
        null,
        order,
        DecidedBy.VENUE,
        now);
  }

  static Outcome rejected(OpenCancel open, Reply reply, @Nullable OrderState order, Instant now) {
    boolean ended = order != null && order.certainlyEnded();
    Reason reason =
        switch (reply) {
          case Reply.Refused refused -> refused.reason();
          case Reply.UnknownOrder _ -> Reason.UNKNOWN_ORDER;
          case Reply.NotOpen _, Reply.GoneOrUnknown _ -> Reason.ORDER_NOT_OPEN;
          default -> open.lastReason() == null ? Reason.ORDER_NOT_OPEN : open.lastReason();
        };
    if (reason == Reason.ORDER_NOT_OPEN && ended && order != null) {
      reason = Reason.ofEnded(order.ordStatus());
    }
    CxlRejReason fix =
        reply instanceof Reply.Refused refused ? refused.cxlRejReason() : reason.cxlRejReason();
    return rejected(open, reason, fix, reply.told().message(), order, now);
  }

  /** By an answer that came before; see {@link OpenCancel#refusedAfterAll}. */
  static Outcome rejected(OpenCancel open, @Nullable OrderState order, Instant now) {
    Reason reason = open.lastReason() == null ? Reason.ORDER_NOT_OPEN : open.lastReason();
    return rejected(open, reason, reason.cxlRejReason(), open.lastText(), order, now);
  }

  private static Outcome rejected(
      OpenCancel open,
      Reason reason,
      @Nullable CxlRejReason fix,
      @Nullable String words,
      @Nullable OrderState order,
      Instant now) {
    boolean ended = order != null && order.certainlyEnded();
    return of(
        open,
        CancelResult.REJECTED,
        reason,
        words == null ? "the venue refused: " + reason : words,
        fix,
        gone(reason) && !ended ? null : agreed(order),
        DecidedBy.VENUE,
        now);
  }

  /** The venue cannot tell a gone order from one that it never knew, and nobody else can. */
  static Outcome nobodyKnows(OpenCancel open, Instant now) {
    String words = open.lastText();
    return of(
        open,
        CancelResult.REJECTED,
        Reason.ORDER_NOT_OPEN,
        "not open any more, or not known at the venue: nobody knows which"
            + (words == null ? "" : "; last: " + words),
        Reason.ORDER_NOT_OPEN.cxlRejReason(),
        null,
        DecidedBy.VENUE,
        now);
  }

  /** Null for an end that is contradicted: an outcome does not say what nobody knows. */
  private static @Nullable OrderState agreed(@Nullable OrderState order) {
    return order != null && order.terminal() && order.disputed() ? null : order;
  }

  /** Whether a state that is open in the table is a state of the past. */
  private static boolean gone(Reason reason) {
    return reason == Reason.ORDER_NOT_OPEN || reason == Reason.UNKNOWN_ORDER;
  }

  static Outcome asOrder(OpenCancel open, OrderState order, Reason confirmed, Instant now) {
    boolean ours =
        order.ordStatus() == OrdStatus.CANCELED && open.worstBelief() != OpenCancel.Belief.UNSENT;
    Reason reason = ours ? confirmed : Reason.ofEnded(order.ordStatus());
    return of(
        open,
        ours ? CancelResult.CANCELED : CancelResult.REJECTED,
        reason,
        ours
            ? "the order is cancelled, after a cancel of ours could reach the venue"
            : "the order is " + order.ordStatus() + "; this cancel did not end it",
        ours ? null : reason.cxlRejReason(),
        order,
        confirmed == Reason.CONFIRMED_BY_STATUS ? DecidedBy.VENUE : DecidedBy.ORDER_EVENTS,
        now);
  }

  static Outcome atTheEnd(OpenCancel open, Next next, @Nullable OrderState order, Instant now) {
    return switch (next) {
      case PENDING ->
          of(
              open,
              CancelResult.PENDING,
              Reason.NOT_CONFIRMED,
              "the venue took the cancel; nobody confirmed it in time",
              null,
              agreed(order),
              DecidedBy.DEADLINE,
              now);
      case NEVER_SENT -> neverSent(open, order, now);
      default -> unresolved(open, order, now);
    };
  }

  private static Outcome neverSent(OpenCancel open, @Nullable OrderState order, Instant now) {
    if (open.gone()) {
      return nobodyKnows(open, now);
    }
    Reason last = open.lastReason();
    Reason reason = last == null ? Reason.DEADLINE_PASSED : last;
    String words = open.lastText();
    return of(
        open,
        CancelResult.REJECTED,
        reason,
        "the deadline passed and the venue never handled it"
            + (words == null ? "" : "; last: " + words),
        reason.cxlRejReason(),
        agreed(order),
        DecidedBy.DEADLINE,
        now);
  }

  private static Outcome unresolved(OpenCancel open, @Nullable OrderState order, Instant now) {
    if (open.phase() == OpenCancel.Phase.JOINED) {
      return of(
          open,
          CancelResult.UNRESOLVED,
          Reason.LEADER_STILL_OPEN,
          "joined " + open.leader() + ", which is still open; its outcome will tell",
          null,
          agreed(order),
          DecidedBy.DEADLINE,
          now);
    }
    boolean answered =
        open.attempts().stream()
            .anyMatch(a -> a.kind() == RequestKind.CANCEL && a.sent() && answered(a));
    long presumed = open.attempts().stream().filter(Attempt::presumed).count();
    long cancels =
        open.attempts().stream().filter(a -> a.kind() == RequestKind.CANCEL).count() - presumed;
    return of(
        open,
        CancelResult.UNRESOLVED,
        answered ? Reason.UNCLEAR_ANSWER : Reason.NO_ANSWER,
        cancels
            + " cancel(s) and "
            + (open.attempts().size() - cancels - presumed)
            + " status query(s) sent"
            + (presumed == 0 ? "" : ", " + presumed + " more perhaps, of which no record tells")
            + "; what became of the order is not known",
        null,
        agreed(order),
        DecidedBy.DEADLINE,
        now);
  }

  /** Whether the venue said anything: a time-out is written down as a reply, too. */
  private static boolean answered(Attempt attempt) {
    return attempt.reply() != null
        && (attempt.reply() != ReplyKind.AMBIGUOUS || attempt.venueCode() != null);
  }

  /** The leader's answer, for one that joined it. */
  static Outcome shared(OpenCancel waiting, Outcome leader) {
    List<Evidence> evidence = new ArrayList<>(waiting.evidence());
    leader.evidence().stream().filter(e -> !evidence.contains(e)).forEach(evidence::add);
    return new Outcome(
        waiting.cancel(),
        leader.result(),
        leader.reason(),
        leader.text(),
        leader.cxlRejReason(),
        leader.ordStatus(),
        leader.rawStatus(),
        leader.executedQty(),
        leader.decidedBy(),
        leader.cancel().cancelId(),
        null,
        null,
        leader.attempts(),
        List.copyOf(evidence),
        leader.decidedAt());
  }

  static Outcome succeededBy(Outcome outcome, Cancel heir) {
    return new Outcome(
        outcome.cancel(),
        outcome.result(),
        outcome.reason(),
        outcome.text(),
        outcome.cxlRejReason(),
        outcome.ordStatus(),
        outcome.rawStatus(),
        outcome.executedQty(),
        outcome.decidedBy(),
        outcome.joinedTo(),
        heir.cancelId(),
        heir.deadline(),
        outcome.attempts(),
        outcome.evidence(),
        outcome.decidedAt());
  }

  private static Outcome of(
      OpenCancel open,
      CancelResult result,
      Reason reason,
      String text,
      @Nullable CxlRejReason fix,
      @Nullable OrderState order,
      DecidedBy by,
      Instant now) {
    return new Outcome(
        open.cancel(),
        result,
        reason,
        text,
        fix,
        order == null ? null : order.ordStatus(),
        order == null ? null : order.rawStatus(),
        order == null ? null : order.cumQty(),
        by,
        open.leader(),
        null,
        null,
        open.attempts(),
        open.evidence(),
        now);
  }

  static Attempt attempt(OpenCancel open, LedgerEvent.Replied replied) {
    Attempt marker = open.attempt(replied.attemptId());
    ReplyDetails told = replied.reply().told();
    return new Attempt(
        replied.attemptId(),
        replied.attemptNo(),
        replied.kind(),
        marker == null ? null : marker.startedAt(),
        replied.sentAt(),
        replied.time(),
        replied.sent(),
        ReplyKind.of(replied.reply()),
        told.code(),
        told.message(),
        false);
  }

  /**
   * Why a try did not go through, for an outcome at the deadline: the last such reason, but one
   * that the venue gave for good is kept over one that could pass.
   */
  static @Nullable Reason failure(Reply reply, @Nullable Reason last, boolean answered) {
    if (answered && last != null) {
      return last;
    }
    return switch (reply) {
      case Reply.Refused refused -> refused.reason();
      case Reply.NotOpen _, Reply.GoneOrUnknown _ -> Reason.ORDER_NOT_OPEN;
      case Reply.UnknownOrder _ -> Reason.UNKNOWN_ORDER;
      case Reply.RetryLater _ -> Reason.RATE_LIMITED;
      case Reply.Unauthorized _ -> Reason.UNAUTHORIZED;
      case Reply.NotSent notSent ->
          notSent.reason() == Reason.DEADLINE_PASSED && last != null ? last : notSent.reason();
      default -> last;
    };
  }

  static @Nullable String words(Reply reply, @Nullable String last) {
    String said = reply.told().message();
    return said == null ? last : said;
  }

  /** What a reply proves of the order; null: nothing. */
  static @Nullable OrderEvent proved(LedgerEvent.Replied replied) {
    ReplyDetails told = replied.reply().told();
    OrdStatus status = told.ordStatus();
    if (replied.reply() instanceof Reply.Canceled) {
      status = OrdStatus.CANCELED;
    }
    if (status == null || status == OrdStatus.UNKNOWN) {
      return null;
    }
    BigDecimal executed = told.executedQty();
    return new OrderEvent(
        replied.cancel().order(),
        replied.cancel().clOrdId(),
        status,
        told.rawStatus(),
        null,
        executed,
        null,
        null,
        told.venueTime(),
        null,
        false,
        "ledger",
        replied.cancel().cancelId(),
        replied.time());
  }
}
