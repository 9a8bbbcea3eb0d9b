// Over 300 lines: the whole state of a cancel that has no outcome yet, and what changes it.
package io.countermand.domain.lifecycle;

import io.countermand.domain.Attempt;
import io.countermand.domain.Cancel;
import io.countermand.domain.Reason;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cancel without an outcome yet.
 *
 * @param leader the cancel it joined; null unless {@link Phase#JOINED}, or since it led itself
 * @param asks requests issued for it, the desk's included
 * @param nextAt when the next step is due: {@link Phase#RESTING}: to ask again; {@link
 *     Phase#ASKED}: a marker should have come by then, else the request is lost; null: nothing is
 *     due
 * @param confirmBy when waiting for certainty ends; null: not waiting for it
 * @param lastReason why the last try did not go through; null: none failed
 * @param evidence records that touched it, oldest first, capped
 */
public record OpenCancel(
    Cancel cancel,
    Phase phase,
    Belief belief,
    @Nullable String leader,
    List<Attempt> attempts,
    int asks,
    int cancelTries,
    int statusTries,
    @Nullable Instant nextAt,
    @Nullable Instant confirmBy,
    @Nullable String continuation,
    @Nullable Reason lastReason,
    @Nullable String lastText,
    List<Evidence> evidence) {

  private static final int MOST_EVIDENCE = 32;
  static final int MOST_ATTEMPTS = 64;

  /** What is going on. */
  public enum Phase {
    /** The intent is known, the desk has not spoken. */
    UNDECIDED,
    /** Waits for another cancel of the same order. */
    JOINED,
    /** The desk is to call; no marker yet. */
    ASKED,
    /** A marker is there, its answer is not. */
    CALLING,
    /** Waits for a time or an order event. */
    RESTING
  }

  /** What our attempts can have done. Falls only when a late answer rules an attempt out. */
  public enum Belief {
    /** Nothing of ours can have cancelled the order. */
    UNSENT,
    /** Something may have reached the venue. */
    UNKNOWN,
    /** The venue took a cancel. */
    ACCEPTED
  }

  static OpenCancel of(Cancel cancel, Phase phase) {
    return new OpenCancel(
        cancel,
        phase,
        Belief.UNSENT,
        null,
        List.of(),
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        List.of());
  }

  public String id() {
    return cancel.cancelId();
  }

  /** Whether it calls the venue, or will. */
  boolean leads() {
    return phase != Phase.UNDECIDED && phase != Phase.JOINED;
  }

  boolean hasOpenAttempt() {
    return attempts.stream().anyMatch(Attempt::open);
  }

  /** Whether the venue gave some attempt an answer that would have been final if it were alone. */
  boolean answered() {
    return attempts.stream()
        .anyMatch(
            a ->
                a.reply() == ReplyKind.NOT_OPEN
                    || a.reply() == ReplyKind.UNKNOWN_ORDER
                    || a.reply() == ReplyKind.GONE_OR_UNKNOWN
                    || a.reply() == ReplyKind.REFUSED);
  }

  /**
   * Whether the venue gave an answer that is final: only a call that a desk might have made under
   * its lease stood in the way, and that was ruled out since.
   */
  boolean refusedAfterAll() {
    return worstBelief() == Belief.UNSENT
        && attempts.stream().anyMatch(Attempt::ruledOut)
        && attempts.stream()
            .anyMatch(
                a ->
                    a.kind() == RequestKind.CANCEL
                        && (a.reply() == ReplyKind.NOT_OPEN
                            || a.reply() == ReplyKind.UNKNOWN_ORDER
                            || a.reply() == ReplyKind.REFUSED));
  }

  /**
   * Whether a desk refused it for good, and nothing else is known of it: only calls that other
   * desks might have made under their leases stand in its outcome's way, or did.
   */
  public boolean heldBack() {
    return phase == Phase.UNDECIDED
        && lastReason != null
        && !attempts.isEmpty()
        && attempts.stream().allMatch(a -> a.presumed() || a.ruledOut())
        && CancelTable.RULES.onRefused(lastReason, false) == CancelTable.Next.REJECTED;
  }

  /** Whether the venue said of some cancel that the order is gone or not known. */
  boolean gone() {
    return attempts.stream()
        .anyMatch(a -> a.kind() == RequestKind.CANCEL && a.reply() == ReplyKind.GONE_OR_UNKNOWN);
  }

  /** Requests issued for it since it leads; those of a former leader apart. */
  int tries() {
    return cancelTries + statusTries;
  }

  /** What the last status query was answered with; null: none was. */
  @Nullable ReplyKind lastStatus() {
    for (Attempt attempt : attempts.reversed()) {
      if (attempt.kind() == RequestKind.STATUS && attempt.reply() != null) {
        return attempt.reply();
      }
    }
    return null;
  }

  /** The belief if no open attempt were ever answered. */
  Belief worstBelief() {
    return belief == Belief.UNSENT
            && attempts.stream().anyMatch(a -> a.open() && a.kind() == RequestKind.CANCEL)
        ? Belief.UNKNOWN
        : belief;
  }

  /** When this cancel needs the clock next. */
  public Instant wake(LedgerRules rules) {
    Instant wake = cancel.deadline().plus(rules.answerGrace());
    Instant due = due();
    if (due != null && due.isBefore(wake)) {
      wake = due;
    }
    if (confirmBy != null && confirmBy.isBefore(wake)) {
      wake = confirmBy;
    }
    Duration patience = rules.of(cancel).answerTimeout();
    for (Attempt attempt : attempts) {
      if (attempt.open() && attempt.startedAt() != null) {
        Instant lost = attempt.startedAt().plus(patience);
        wake = lost.isBefore(wake) ? lost : wake;
      }
    }
    return wake;
  }

  /** When the next step is due; null: no step is. */
  @Nullable Instant due() {
    return phase == Phase.RESTING || phase == Phase.ASKED ? nextAt : null;
  }

  OpenCancel seen(Evidence record) {
    if (evidence.size() >= MOST_EVIDENCE || evidence.contains(record)) {
      return this;
    }
    List<Evidence> more = new ArrayList<>(evidence);
    more.add(record);
    return copy(phase, belief, leader, attempts, nextAt, confirmBy, List.copyOf(more));
  }

  OpenCancel with(Phase next) {
    return copy(next, belief, leader, attempts, null, confirmBy, evidence);
  }

  /** Asked for, and to be asked for again if no marker has come by then. */
  OpenCancel markedBy(Instant at) {
    return copy(phase, belief, leader, attempts, at, confirmBy, evidence);
  }

  OpenCancel restUntil(Instant at) {
    return copy(Phase.RESTING, belief, leader, attempts, at, confirmBy, evidence);
  }

  OpenCancel joined(String to) {
    return copy(Phase.JOINED, belief, to, attempts, null, confirmBy, evidence);
  }

  OpenCancel confirmBy(Instant at) {
    return copy(
        phase, belief, leader, attempts, nextAt, confirmBy == null ? at : confirmBy, evidence);
  }

  OpenCancel withAttempt(Attempt attempt) {
    List<Attempt> all = new ArrayList<>(attempts);
    all.removeIf(a -> a.attemptId().equals(attempt.attemptId()));
    if (all.size() < MOST_ATTEMPTS || attempt.sent()) {
      all.add(attempt);
    }
    return withAttempts(all);
  }

  OpenCancel withAttempts(List<Attempt> all) {
    return copy(phase, belief(all), leader, List.copyOf(all), nextAt, confirmBy, evidence);
  }

  /** This without one attempt: what the others can have done. */
  OpenCancel without(String attemptId) {
    return withAttempts(attempts.stream().filter(a -> !a.attemptId().equals(attemptId)).toList());
  }

  /** Whether a desk may have called under its lease, and no record says so. */
  boolean presumed() {
    for (Attempt attempt : attempts) {
      if (attempt.presumed()) {
        return true;
      }
    }
    return false;
  }

  /** Whether it succeeds one that may have been called for by the intent at an offset. */
  boolean doubts(long intent) {
    for (Attempt attempt : attempts) {
      Long leaders = attempt.intent();
      if (leaders != null && leaders == intent) {
        return true;
      }
    }
    return false;
  }

  /**
   * With an attempt for each lease under which a desk may have called, though no record says so.
   * One that is ruled out since is kept as not sent; but not while what was put together may stand
   * for it. What a leader's was is judged by the leader's intent.
   *
   * @param mayHaveCalled ids of leases under which it may have been called, or its leader, as the
   *     same cancel with another intent
   */
  OpenCancel presumed(Function<Cancel, List<Long>> mayHaveCalled, Instant time) {
    List<Long> leases = mayHaveCalled.apply(cancel);
    if (!presumed() && leases.isEmpty()) {
      return this;
    }
    List<Attempt> still = leases.stream().map(Attempt::presumed).toList();
    List<Attempt> all = new ArrayList<>();
    for (Attempt attempt : attempts) {
      if (!attempt.presumed()) {
        all.add(attempt);
      } else if (!still.contains(attempt)) {
        Long leaders = attempt.intent();
        List<Long> open = leaders == null ? leases : mayHaveCalled.apply(cancel.at(leaders));
        boolean stands = open.contains(attempt.lease()) || open.contains(Leases.SEVERAL);
        all.add(stands ? attempt : attempt.asRuledOut(time));
      }
    }
    all.addAll(still);
    return all.equals(attempts) ? this : withAttempts(all);
  }

  /** What these attempts can have done, those aside whose answers are awaited still. */
  private static Belief belief(List<Attempt> attempts) {
    Belief belief = Belief.UNSENT;
    for (Attempt attempt : attempts) {
      if (attempt.kind() == RequestKind.CANCEL && attempt.reply() == ReplyKind.ACCEPTED) {
        return Belief.ACCEPTED;
      }
      boolean unknown = attempt.reply() == ReplyKind.AMBIGUOUS ? attempt.sent() : attempt.lost();
      boolean contradicted = attempt.reply() == ReplyKind.CANCELED; // else it would have settled it
      if (attempt.kind() == RequestKind.CANCEL && (unknown || contradicted)) {
        belief = Belief.UNKNOWN;
      }
    }
    return belief;
  }

  @Nullable Attempt attempt(String attemptId) {
    for (Attempt attempt : attempts) {
      if (attempt.attemptId().equals(attemptId)) {
        return attempt;
      }
    }
    return null;
  }

  /** Whether an attempt is among its own. */
  boolean has(String attemptId) {
    return attempt(attemptId) != null;
  }

  /** One more request is out. */
  OpenCancel asked(@Nullable RequestKind kind) {
    return new OpenCancel(
        cancel,
        Phase.ASKED,
        belief,
        leader,
        attempts,
        asks + 1,
        cancelTries + (kind == RequestKind.CANCEL ? 1 : 0),
        statusTries + (kind == RequestKind.STATUS ? 1 : 0),
        null,
        confirmBy,
        null,
        lastReason,
        lastText,
        evidence);
  }

  /**
   * An attempt proves that it was asked for. Its marker and its reply may stand in the log before
   * the decision, since the desk writes them by another producer; without this the next request
   * would have its number.
   */
  OpenCancel attempted(int attemptNo, RequestKind kind) {
    return attemptNo <= asks
        ? this
        : new OpenCancel(
            cancel,
            phase,
            belief,
            leader,
            attempts,
            attemptNo,
            cancelTries + (kind == RequestKind.CANCEL ? 1 : 0),
            statusTries + (kind == RequestKind.STATUS ? 1 : 0),
            nextAt,
            confirmBy,
            continuation,
            lastReason,
            lastText,
            evidence);
  }

  OpenCancel failed(@Nullable Reason why, @Nullable String text, @Nullable String toShowAgain) {
    return new OpenCancel(
        cancel,
        phase,
        belief,
        leader,
        attempts,
        asks,
        cancelTries,
        statusTries,
        nextAt,
        confirmBy,
        toShowAgain,
        why,
        text,
        evidence);
  }

  /** A call of its own ends its waiting for a leader: the outcome will not be the leader's. */
  OpenCancel onItsOwn() {
    return phase == Phase.JOINED
        ? copy(phase, belief, null, attempts, nextAt, confirmBy, evidence)
        : this;
  }

  /**
   * Takes over from a leader that has ended without an answer that holds for both, or that rests.
   */
  OpenCancel succeeding(OpenCancel ended) {
    return new OpenCancel(
        cancel,
        phase,
        ended.belief,
        leader,
        ended.attempts.stream().map(attempt -> attempt.inherited(ended.cancel)).toList(),
        ended.asks,
        0,
        0,
        nextAt,
        null,
        null,
        ended.lastReason,
        ended.lastText,
        evidence);
  }

  private OpenCancel copy(
      Phase nextPhase,
      Belief nextBelief,
      @Nullable String nextLeader,
      List<Attempt> nextAttempts,
      @Nullable Instant next,
      @Nullable Instant confirm,
      List<Evidence> nextEvidence) {
    return new OpenCancel(
        cancel,
        nextPhase,
        nextBelief,
        nextLeader,
        nextAttempts,
        asks,
        cancelTries,
        statusTries,
        next,
        confirm,
        continuation,
        lastReason,
        lastText,
        nextEvidence);
  }
}
