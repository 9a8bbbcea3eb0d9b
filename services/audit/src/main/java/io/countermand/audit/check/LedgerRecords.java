package io.countermand.audit.check;

import io.countermand.codec.FindingCodec;
import io.countermand.codec.IntentCodec;
import io.countermand.codec.OrderCodec;
import io.countermand.codec.OutcomeCodec;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Outcome;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.LedgerEffect;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderState;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger wrote of one order, as it must come out of the derivation: each topic in its own
 * order, everything exactly once. Compared as records, which keep microseconds and plain decimals.
 */
record LedgerRecords(
    List<OrderHistory.Answered> outcomes,
    List<OrderHistory.Requested> retries,
    List<OrderHistory.Seen> told,
    List<Evidence> conflicts,
    List<OrderHistory.Found> found) {

  static final int TOPICS = 5;

  static LedgerRecords of(OrderHistory history, List<Evidence> conflicts) {
    return new LedgerRecords(
        history.outcomes,
        history.retries,
        history.events.stream().filter(LedgerRecords::byLedger).toList(),
        conflicts,
        history.found);
  }

  static boolean byLedger(OrderHistory.Seen seen) {
    return seen.event().source().equals("ledger") && seen.event().cancelId() != null;
  }

  int size(int topic) {
    return switch (topic) {
      case 0 -> outcomes.size();
      case 1 -> retries.size();
      case 2 -> told.size();
      case 3 -> conflicts.size();
      default -> found.size();
    };
  }

  static int topic(LedgerEffect effect) {
    return switch (effect) {
      case LedgerEffect.Settle _ -> 0;
      case LedgerEffect.Ask _ -> 1;
      case LedgerEffect.Tell _ -> 2;
      case LedgerEffect.Conflict _ -> 3;
      case LedgerEffect.Find _ -> 4;
    };
  }

  /** Null: the next record of that topic is what the effect writes; else what is different. */
  @Nullable String differs(LedgerEffect effect, int next) {
    int topic = topic(effect);
    if (next >= size(topic)) {
      return "not recorded: " + name(effect);
    }
    return switch (effect) {
      case LedgerEffect.Settle(Outcome derived) -> {
        OrderHistory.Answered recorded = outcomes.get(next);
        yield derived.equals(recorded.outcome())
            ? null
            : differs(
                OutcomeCodec.toAvro(recorded.outcome()), OutcomeCodec.toAvro(derived), effect);
      }
      case LedgerEffect.Ask(CancelRequest derived) ->
          derived.equals(retries.get(next).request())
              ? null
              : differs(
                  IntentCodec.toAvro(retries.get(next).request()),
                  IntentCodec.toAvro(derived),
                  effect);
      case LedgerEffect.Tell(OrderEvent derived) ->
          derived.equals(told.get(next).event())
              ? null
              : differs(
                  OrderCodec.toAvro(told.get(next).event()), OrderCodec.toAvro(derived), effect);
      case LedgerEffect.Conflict conflict ->
          conflicts.contains(conflict.cancel().intent()) ? null : "not in dead letters";
      case LedgerEffect.Find(Finding derived) ->
          derived.equals(found.get(next).finding())
              ? null
              : differs(
                  FindingCodec.toAvro(found.get(next).finding()),
                  FindingCodec.toAvro(derived),
                  effect);
    };
  }

  Evidence at(int topic, int index) {
    return switch (topic) {
      case 0 -> outcomes.get(index).at();
      case 1 -> retries.get(index).at();
      case 2 -> told.get(index).at();
      case 3 -> conflicts.get(index);
      default -> found.get(index).at();
    };
  }

  private static String name(LedgerEffect effect) {
    return switch (effect) {
      case LedgerEffect.Settle(Outcome outcome) ->
          "outcome "
              + outcome.result()
              + " "
              + outcome.reason()
              + " of "
              + outcome.cancel().cancelId();
      case LedgerEffect.Ask(CancelRequest request) ->
          request.kind() + " request " + request.attemptNo() + " of " + request.cancel().cancelId();
      case LedgerEffect.Tell(OrderEvent event) -> "order event " + event.ordStatus();
      case LedgerEffect.Conflict conflict ->
          "dead letter of cancelId " + conflict.cancel().cancelId();
      case LedgerEffect.Find(Finding finding) ->
          "finding " + finding.kind() + " of " + finding.cancel().cancelId();
    };
  }

  static boolean same(OrderState one, OrderState other) {
    return one.equals(other) || OrderCodec.toAvro(one).equals(OrderCodec.toAvro(other));
  }

  /** Null: the same records; else the fields that differ, recorded and derived. */
  private static @Nullable String differs(
      SpecificRecord recorded, SpecificRecord derived, LedgerEffect effect) {
    List<String> fields = new ArrayList<>();
    for (Schema.Field field : recorded.getSchema().getFields()) {
      Object is = recorded.get(field.pos());
      Object must = derived.get(field.pos());
      if (is == null ? must != null : !is.equals(must)) {
        fields.add(field.name() + " is " + brief(is) + ", derived " + brief(must));
      }
    }
    return fields.isEmpty() ? null : name(effect) + ": " + String.join("; ", fields);
  }

  private static String brief(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= 400 ? text : text.substring(0, 400) + "…";
  }
}
