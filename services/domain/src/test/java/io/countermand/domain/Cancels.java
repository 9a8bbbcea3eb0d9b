package io.countermand.domain;

import io.countermand.domain.decision.VenueRules;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cancels, events and times for tests; every time is in milliseconds after {@link #T0}. */
public final class Cancels {

  public static final Instant T0 = Instant.parse("2026-01-05T09:30:00Z");
  public static final OrderRef ORDER = new OrderRef("v", "acc", "o1");
  public static final Evidence AT = new Evidence("t", 0, 7);

  /** Deadline of {@link #cancel}. */
  public static final long DEADLINE = 10_000;

  public static final long GRACE = 2_000;

  private Cancels() {}

  public static Instant at(long millis) {
    return T0.plusMillis(millis);
  }

  public static Cancel cancel(String id, long offset) {
    return cancel(id, offset, DEADLINE, false);
  }

  public static Cancel cancel(String id, long offset, long deadline, boolean override) {
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

  public static OrderState state(OrdStatus status) {
    return new OrderState(status, null, null, null, null, null, T0, AT);
  }

  public static OrderEvent event(OrdStatus status) {
    return event(status, null, null, null, false);
  }

  public static OrderEvent event(
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

  public static Outcome outcome(CancelResult result, Reason reason) {
    return outcome(cancel("c1", 1), result, reason, null, null);
  }

  public static Outcome outcome(
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

  public static LedgerRules rules(boolean canQuery) {
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
