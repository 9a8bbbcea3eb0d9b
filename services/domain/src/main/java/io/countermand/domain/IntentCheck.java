package io.countermand.domain;

import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an intent is well formed, and the deadline in force. Desk and ledger use the same check,
 * so they agree on every record. Thread-safe.
 *
 * @param defaultDeadline counted from the broker's append time, for intents without a deadline
 * @param longestDeadline a later deadline is cut to this, counted from the append time
 */
public record IntentCheck(Duration defaultDeadline, Duration longestDeadline) {

  /** What came of the check. */
  public sealed interface Checked {}

  /** A well-formed intent. */
  public record WellFormed(Cancel cancel) implements Checked {}

  /** Can be answered, since it has a cancelId, but not carried out; over-long parts are cut. */
  public record Malformed(Cancel cancel, String text) implements Checked {}

  /** Cannot even be answered. */
  public record Unanswerable(String text) implements Checked {}

  public Checked check(Intent intent, Evidence at, Instant receivedAt) {
    String id = intent.cancelId();
    if (Facts.wrong("cancelId", id, Facts.LONGEST_CANCEL_ID) != null) {
      return new Unanswerable(
          "cancelId must have 1 to 128 characters (bytes in UTF-8) and no control characters; it"
              + " has "
              + (id.isBlank() ? "none" : Facts.bytes(id)));
    }
    List<String> problems = new ArrayList<>();
    id(problems, "venue", intent.order().venue(), true);
    id(problems, "account", intent.order().account(), true);
    id(problems, "orderId", intent.order().orderId(), true);
    id(problems, "orderName", intent.orderName(), false);
    id(problems, "strategyId", intent.strategyId(), false);
    id(problems, "clOrdId", intent.clOrdId(), false);
    id(problems, "massId", intent.massId(), false);
    add(problems, Facts.wrong(intent.attributes()));
    add(problems, Facts.wrong("deadline", intent.deadline()));
    add(problems, Facts.wrong("createdAt", intent.createdAt()));
    Cancel cancel = cancel(intent, at, receivedAt);
    return problems.isEmpty()
        ? new WellFormed(cancel)
        : new Malformed(cancel, String.join("; ", problems));
  }

  private Cancel cancel(Intent intent, Evidence at, Instant receivedAt) {
    Instant asked = intent.deadline();
    Instant latest = receivedAt.plus(longestDeadline);
    boolean meant = asked != null && Facts.canBe(asked);
    Instant deadline = meant && asked != null ? asked : receivedAt.plus(defaultDeadline);
    return new Cancel(
        intent.cancelId(),
        intent.answeredAs(),
        Facts.cutNullable(intent.orderName()),
        Facts.cutNullable(intent.strategyId()),
        Facts.cutNullable(intent.clOrdId()),
        intent.override(),
        intent.isAutomated(),
        cut(intent.requester()),
        intent.priority(),
        Facts.canBe(intent.createdAt()) ? intent.createdAt() : receivedAt,
        deadline.isAfter(latest) ? latest : deadline,
        receivedAt,
        at,
        intent.digest(),
        Facts.cutNullable(intent.massId()));
  }

  /**
   * A well-formed intent, to be published again: what may be of any length is cut, as it is in its
   * {@link Cancel}. Once compressed, it may have come in bigger than it may go out.
   */
  public static Intent cut(Intent intent) {
    return new Intent(
        intent.cancelId(),
        intent.order(),
        intent.orderName(),
        intent.strategyId(),
        intent.clOrdId(),
        intent.deadline(),
        intent.override(),
        intent.isAutomated(),
        cut(intent.requester()),
        intent.priority(),
        intent.attributes(),
        intent.createdAt(),
        intent.massId());
  }

  private static void id(
      List<String> problems, String name, @Nullable String value, boolean required) {
    if (value != null || required) {
      add(problems, Facts.wrong(name, value == null ? "" : value, Facts.LONGEST_ID));
    }
  }

  private static void add(List<String> problems, @Nullable String problem) {
    if (problem != null) {
      problems.add(problem);
    }
  }

  private static @Nullable Requester cut(@Nullable Requester who) {
    return who == null
        ? null
        : new Requester(
            Facts.cutNullable(who.algorithm()),
            Facts.cutNullable(who.trader()),
            Facts.cutNullable(who.desk()),
            Facts.cutNullable(who.client()),
            Facts.cutNullable(who.reason()));
  }
}
