package io.countermand.audit.check;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Outcome;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All records of one order, topic by topic, each by offset. {@code time} is the record's Kafka
 * timestamp, {@code print} a hash of key, value, timestamp and headers.
 */
public final class OrderHistory {

  /** An intent that stands in its right place. */
  public record Asked(
      Intent intent, IntentCheck.Checked checked, Evidence at, Instant time, long print) {

    /** Null: not well formed. */
    @Nullable Cancel wellFormed() {
      return checked instanceof IntentCheck.WellFormed(Cancel cancel) ? cancel : null;
    }

    /** Null: cannot be answered. */
    @Nullable
    public Cancel cancel() {
      return checked instanceof IntentCheck.Malformed(Cancel cancel, var _) ? cancel : wellFormed();
    }
  }

  /**
   * A progress record.
   *
   * @param request the intent or request record that a marker or an answer names; null: none
   * @param answer the venue's words, as they are kept; null: none
   */
  public record Said(
      LedgerEvent.OfCancel event,
      String by,
      @Nullable Evidence request,
      @Nullable String answer,
      Instant time,
      long print) {}

  /** An order event that stands in its right place. */
  record Seen(OrderEvent event, Evidence at, Instant time, long print) {}

  public record Answered(Outcome outcome, Evidence at, Instant time, long print) {}

  /** What the ledger learned after an outcome. */
  record Found(Finding finding, Evidence at, Instant time, long print) {}

  /** The ledger asked for a later call. */
  public record Requested(CancelRequest request, Evidence at, Instant time, long print) {}

  /**
   * A row of the order-state table.
   *
   * @param state null: forgotten
   */
  record Shown(@Nullable OrderState state, Evidence at, Instant time) {}

  public final String key;
  public final List<Asked> intents = new ArrayList<>();
  public final List<Said> progress = new ArrayList<>();
  final List<Seen> events = new ArrayList<>();
  final List<Answered> outcomes = new ArrayList<>();
  final List<Found> found = new ArrayList<>();
  public final List<Requested> retries = new ArrayList<>();
  final List<Shown> states = new ArrayList<>();

  OrderHistory(String key) {
    this.key = key;
  }

  /** Null: no such outcome. */
  @Nullable
  public Answered outcomeOf(String cancelId) {
    for (Answered answered : outcomes) {
      if (answered.outcome().cancel().cancelId().equals(cancelId)) {
        return answered;
      }
    }
    return null;
  }
}
