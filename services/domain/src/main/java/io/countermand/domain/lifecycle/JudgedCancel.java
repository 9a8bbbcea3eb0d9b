package io.countermand.domain.lifecycle;

import io.countermand.domain.Attempt;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cancel that has its outcome, as long as its order is remembered: what was said, so that later
 * evidence can be held against it.
 *
 * @param ordStatus the order's state as said last, by the outcome or a finding; null: none was
 * @param cumQty executed quantity as said last; null: none was
 * @param attempts ids of the calls that the outcome tells of
 * @param told findings told so far
 */
public record JudgedCancel(
    Cancel cancel,
    CancelResult result,
    Reason reason,
    @Nullable OrdStatus ordStatus,
    @Nullable BigDecimal cumQty,
    Instant decidedAt,
    List<String> attempts,
    List<FindingKind> told) {

  /** So many are kept of an order, the last ones. */
  static final int MOST_KEPT = 8;

  static JudgedCancel of(Outcome outcome) {
    return new JudgedCancel(
        outcome.cancel(),
        outcome.result(),
        outcome.reason(),
        outcome.ordStatus(),
        outcome.executedQty(),
        outcome.decidedAt(),
        outcome.attempts().stream().map(Attempt::attemptId).toList(),
        List.of());
  }

  /** The list with one more; the oldest goes when there are too many. */
  static List<JudgedCancel> more(List<JudgedCancel> known, JudgedCancel one) {
    List<JudgedCancel> all = new ArrayList<>(known);
    all.add(one);
    return List.copyOf(all.subList(Math.max(0, all.size() - MOST_KEPT), all.size()));
  }

  /** Whether nobody has said yet what became of the order. */
  boolean awaits() {
    return (result == CancelResult.PENDING || result == CancelResult.UNRESOLVED)
        && !told.contains(FindingKind.RESOLVED);
  }

  /** Whether it was said that, and how, the order ended. */
  boolean saidHow() {
    return ordStatus != null && ordStatus.terminal();
  }

  /** Whether it was said that the order is not open, by whatever end. */
  boolean saidGone() {
    return result == CancelResult.REJECTED && reason == Reason.ORDER_NOT_OPEN && !saidHow();
  }

  /** Whether an order event that tells of no end may say something about it. */
  boolean heeds() {
    return awaits() || saidGone();
  }

  /** Whether a record is about a call of this cancel, or of the one whose outcome it shares. */
  boolean concerns(Cancel called, String attemptId) {
    return attempts.contains(attemptId)
        || (cancel.cancelId().equals(called.cancelId()) && cancel.digest().equals(called.digest()));
  }

  JudgedCancel told(FindingKind kind, @Nullable OrderState now) {
    List<FindingKind> all = new ArrayList<>(told);
    all.add(kind);
    return new JudgedCancel(
        cancel,
        result,
        reason,
        now == null ? ordStatus : now.ordStatus(),
        now == null ? cumQty : now.cumQty(),
        decidedAt,
        attempts,
        List.copyOf(all));
  }
}
