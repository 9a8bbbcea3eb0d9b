package io.countermand.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether an intent is well formed, and the deadline in force. Desk and ledger use the same check,
 * so they agree on every record. Thread-safe.
 *
 * @param defaultDeadline counted from the broker's append time, for intents without a deadline
 * @param longestDeadline a later deadline is cut to this, counted from the append time
 */
public record IntentCheck(Duration defaultDeadline, Duration longestDeadline) {

  static final int LONGEST_CANCEL_ID = 128;
  static final int LONGEST_ID = 256;
  static final int LARGEST_ATTRIBUTES = 16 * 1024;

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
    if (id.isBlank() || id.length() > LONGEST_CANCEL_ID || hasControl(id)) {
      return new Unanswerable(
          "cancelId must have 1 to 128 characters and no control characters; it has "
              + (id.isBlank() ? "none" : id.length() + " characters"));
    }
    List<String> problems = new ArrayList<>();
    id(problems, "venue", intent.order().venue(), true);
    id(problems, "account", intent.order().account(), true);
    id(problems, "orderId", intent.order().orderId(), true);
    id(problems, "orderName", intent.orderName(), false);
    id(problems, "strategyId", intent.strategyId(), false);
    id(problems, "clOrdId", intent.clOrdId(), false);
    long size = size(intent.attributes());
    if (size > LARGEST_ATTRIBUTES) {
      problems.add("attributes have " + size + " characters, at most 16384 are allowed");
    }
    Cancel cancel = cancel(intent, at, receivedAt);
    return problems.isEmpty()
        ? new WellFormed(cancel)
        : new Malformed(cancel, String.join("; ", problems));
  }

  private Cancel cancel(Intent intent, Evidence at, Instant receivedAt) {
    Instant asked = intent.deadline();
    Instant latest = receivedAt.plus(longestDeadline);
    Instant deadline = asked == null ? receivedAt.plus(defaultDeadline) : asked;
    OrderRef order = intent.order();
    return new Cancel(
        intent.cancelId(),
        new OrderRef(cut(order.venue()), cut(order.account()), cut(order.orderId())),
        cutNullable(intent.orderName()),
        cutNullable(intent.strategyId()),
        cutNullable(intent.clOrdId()),
        intent.override(),
        intent.isAutomated(),
        cut(intent.requester()),
        intent.priority(),
        intent.createdAt(),
        deadline.isAfter(latest) ? latest : deadline,
        receivedAt,
        at,
        intent.digest());
  }

  private static void id(
      List<String> problems, String name, @Nullable String value, boolean required) {
    if (value == null || value.isBlank()) {
      if (required || value != null) {
        problems.add(name + " is empty");
      }
    } else if (value.length() > LONGEST_ID) {
      problems.add(name + " has " + value.length() + " characters, at most 256 are allowed");
    } else if (hasControl(value)) {
      problems.add(name + " has a control character");
    }
  }

  private static boolean hasControl(String value) {
    return value.chars().anyMatch(Character::isISOControl);
  }

  private static long size(Map<String, String> attributes) {
    long size = 0;
    for (var entry : attributes.entrySet()) {
      size += entry.getKey().length() + entry.getValue().length();
    }
    return size;
  }

  private static @Nullable Requester cut(@Nullable Requester who) {
    return who == null
        ? null
        : new Requester(
            cutNullable(who.algorithm()),
            cutNullable(who.trader()),
            cutNullable(who.desk()),
            cutNullable(who.client()),
            cutNullable(who.reason()));
  }

  private static @Nullable String cutNullable(@Nullable String value) {
    return value == null ? null : cut(value);
  }

  private static String cut(String value) {
    return value.length() <= LONGEST_ID ? value : value.substring(0, LONGEST_ID) + "…";
  }
}
