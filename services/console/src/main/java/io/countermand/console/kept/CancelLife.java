package io.countermand.console.kept;

import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.FindingKind;
import io.countermand.events.OutcomeFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one cancel. Immutable.
 *
 * @param order its order's key
 * @param received append time of the intent
 * @param deadline the one in force; null: not known yet
 * @param steps its records, those of one topic in their order
 * @param leftOut further records that are not kept
 * @param outcome null: none yet
 * @param weight bytes of heap, roughly
 */
public record CancelLife(
    String order,
    String cancelId,
    String venue,
    String account,
    String orderId,
    Instant received,
    @Nullable Instant deadline,
    List<CancelRecord> steps,
    int leftOut,
    @Nullable CancelOutcome outcome,
    int weight) {

  private static final int MOST_STEPS = 200;
  private static final int OVERHEAD = 400;

  static CancelLife of(
      String order,
      String cancelId,
      String venue,
      String account,
      String orderId,
      Instant received) {
    return new CancelLife(
        order, cancelId, venue, account, orderId, received, null, List.of(), 0, null, OVERHEAD);
  }

  /** A record that is there already changes nothing. */
  CancelLife with(CancelRecord step, @Nullable Instant until) {
    if (steps.stream().anyMatch(each -> each.place().equals(step.place()))) {
      return this;
    }
    CancelOutcome answer =
        outcome == null && step.what() instanceof CancelOutcome first ? first : outcome;
    Instant known = until == null ? deadline : until;
    boolean full = steps.size() >= MOST_STEPS && !(step.what() instanceof CancelOutcome);
    List<CancelRecord> all = new ArrayList<>(steps);
    if (!full) {
      all.add(step);
    }
    return new CancelLife(
        order,
        cancelId,
        venue,
        account,
        orderId,
        received,
        known,
        List.copyOf(all),
        full ? leftOut + 1 : leftOut,
        answer,
        full ? weight : weight + OVERHEAD + RecordSize.of(step.what()));
  }

  /** In the order in which they were written, as far as times tell. */
  public List<CancelRecord> timeLine() {
    return steps.stream()
        .sorted(Comparator.comparing(CancelRecord::time).thenComparingInt(CancelLife::rank))
        .toList();
  }

  private static int rank(CancelRecord step) {
    return switch (step.what()) {
      case io.countermand.events.CancelIntent _ -> 0;
      case CancelOutcome _ -> 2;
      case OutcomeFinding _ -> 3;
      default -> 1;
    };
  }

  public boolean open() {
    return outcome == null;
  }

  /** The result's name, or OPEN. */
  public String result() {
    return outcome == null ? "OPEN" : outcome.getResult().name();
  }

  /** Whether the outcome did not come, or came late. */
  public boolean late(Instant now, Duration grace) {
    Instant end = outcome == null ? now : outcome.getDecidedAt();
    return lateFrom(grace).filter(end::isAfter).isPresent();
  }

  /** An outcome after this is late; empty: the deadline is not known yet. */
  Optional<Instant> lateFrom(Duration grace) {
    return Optional.ofNullable(deadline)
        .map(until -> until.isBefore(received) ? received : until)
        .map(due -> due.plus(grace));
  }

  /** What was learned later of how it ended; empty: nothing. */
  public Optional<OutcomeFinding> resolved() {
    return findings().stream().filter(each -> each.getKind() == FindingKind.RESOLVED).findFirst();
  }

  public List<OutcomeFinding> findings() {
    return steps.stream()
        .map(CancelRecord::what)
        .filter(OutcomeFinding.class::isInstance)
        .map(OutcomeFinding.class::cast)
        .toList();
  }

  public boolean unresolved() {
    return outcome != null && outcome.getResult() == CancelResult.UNRESOLVED;
  }
}
