package io.countermand.domain;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cancels, events and times for tests; every time is in milliseconds after {@link #T0}. */
final class Cancels {

  static final Instant T0 = Instant.parse("2026-01-05T09:30:00Z");
  static final OrderRef ORDER = new OrderRef("v", "acc", "o1");
  static final Evidence AT = new Evidence("t", 0, 7);

  /** Deadline of {@link #cancel}. */
  static final long DEADLINE = 10_000;

  static final long GRACE = 2_000;

  private Cancels() {}

  static Instant at(long millis) {
    return T0.plusMillis(millis);
  }

  static Cancel cancel(String id, long offset) {
    return cancel(id, offset, DEADLINE, false);
  }

  static Cancel cancel(String id, long offset, long deadline, boolean override) {
    return new Cancel(
        id,
        ORDER,
        null,
        null,
        null,
        override,
        false,
        null,
        T0,
        at(deadline),
        T0,
        new Evidence("cancel-intents", 0, offset),
        override ? "digest-o" : "digest");
  }

  static OrderState state(OrdStatus status) {
    return new OrderState(status, null, null, null, null, null, T0, AT);
  }

  static OrderEvent event(OrdStatus status) {
    return event(status, null, null, null, false);
  }

  static OrderEvent event(
      OrdStatus status,
      @Nullable Long sequence,
      @Nullable Instant venueTime,
      @Nullable String cumQty,
      boolean correction) {
    return new OrderEvent(
        ORDER,
        null,
        status,
        null,
        null,
        cumQty == null ? null : new BigDecimal(cumQty),
        null,
        null,
        venueTime,
        sequence,
        correction,
        "feed:v",
        null,
        T0);
  }

  static Outcome outcome(CancelResult result, Reason reason) {
    return outcome(cancel("c1", 1), result, reason, null, null);
  }

  static Outcome outcome(
      Cancel cancel,
      CancelResult result,
      Reason reason,
      @Nullable String successor,
      @Nullable Instant successorDeadline) {
    return new Outcome(
        cancel,
        result,
        reason,
        "",
        null,
        null,
        null,
        null,
        DecidedBy.VENUE,
        null,
        successor,
        successorDeadline,
        List.of(),
        List.of(),
        T0);
  }

  static LedgerRules rules(boolean canQuery) {
    var venue =
        new VenueRules(
            canQuery,
            Duration.ofMillis(1000),
            Duration.ofMillis(1500),
            Duration.ofMillis(300),
            2,
            2,
            10,
            Duration.ofMillis(100),
            Duration.ofMillis(800));
    return new LedgerRules(
        Duration.ofMillis(GRACE), Duration.ofHours(1), Map.of(ORDER.venue(), venue));
  }
}
