package io.countermand.domain.mass;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a mass cancel stands; fields as in the schema's MassReport. {@code total} is the sum of
 * canceled, pending, unresolved, waiting and all of rejected.
 */
public record MassReport(
    MassCancel mass,
    int number,
    State state,
    String text,
    int total,
    int canceled,
    int pending,
    int unresolved,
    Map<Reason, Integer> rejected,
    int waiting,
    int mayBeOpen,
    List<Account> accounts,
    List<String> notCovered,
    List<Left> left,
    boolean leftCut,
    List<String> beyond,
    List<String> beyondUnknown,
    Instant at) {

  /** No call hit an order outside the scope. */
  public MassReport(
      MassCancel mass,
      int number,
      State state,
      String text,
      int total,
      int canceled,
      int pending,
      int unresolved,
      Map<Reason, Integer> rejected,
      int waiting,
      int mayBeOpen,
      List<Account> accounts,
      List<String> notCovered,
      List<Left> left,
      boolean leftCut,
      Instant at) {
    this(
        mass,
        number,
        state,
        text,
        total,
        canceled,
        pending,
        unresolved,
        rejected,
        waiting,
        mayBeOpen,
        accounts,
        notCovered,
        left,
        leftCut,
        List.of(),
        List.of(),
        at);
  }

  /** How it stands (schema: MassState). */
  public enum State {
    FREEZING,
    RUNNING,
    DONE,
    REFUSED,
    INCOMPLETE
  }

  /** One account. */
  public record Account(
      String venue,
      String account,
      int total,
      int canceled,
      int leftOut,
      int untold,
      @Nullable Instant lastWord) {}

  /**
   * An order in scope that was not cancelled by this.
   *
   * @param result null: no outcome yet
   */
  public record Left(
      String order, String cancelId, @Nullable CancelResult result, @Nullable Reason reason) {}

  /** Refused: nothing is cancelled. */
  public static MassReport refused(MassCancel mass, String text, Instant at) {
    return answer(mass, State.REFUSED, text, at);
  }

  /** All that there is to say: of a release, or a refusal. */
  public static MassReport answer(MassCancel mass, State state, String text, Instant at) {
    return new MassReport(
        mass, 1, state, text, 0, 0, 0, 0, Map.of(), 0, 0, List.of(), List.of(), List.of(), false,
        at);
  }

  /** Whether nothing more is to come, unless late. */
  public boolean last() {
    return state == State.DONE || state == State.REFUSED || state == State.INCOMPLETE;
  }

  /** Whether everything in scope is known to be over, and all of the scope was looked at. */
  public boolean flat() {
    return state == State.DONE && mayBeOpen == 0 && notCovered.isEmpty();
  }

  /** Whether it says the same as {@code other}, but for number and time. */
  public boolean saysTheSame(@Nullable MassReport other) {
    return other != null && numbered(other.number, other.at).equals(other);
  }

  MassReport numbered(int next, Instant when) {
    return new MassReport(
        mass,
        next,
        state,
        text,
        total,
        canceled,
        pending,
        unresolved,
        rejected,
        waiting,
        mayBeOpen,
        accounts,
        notCovered,
        left,
        leftCut,
        beyond,
        beyondUnknown,
        when);
  }
}
