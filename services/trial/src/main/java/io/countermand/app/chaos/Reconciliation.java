package io.countermand.app.chaos;

import io.countermand.domain.Cancel;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.journal.JournalEntry.Changed;
import io.countermand.simulator.journal.OrderRecord;
import io.countermand.simulator.request.CallKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The three books of a run, side by side: intents that Kafka acknowledged, outcomes read committed,
 * and the simulator's journal; with the progress records, to tell whose call was whose.
 */
final class Reconciliation {

  private final Map<String, OrderPlayer.Sent> intents;
  private final Map<String, List<OutcomeReader.Read>> outcomes = new HashMap<>();

  /** Kafka's times are milliseconds, the journal's are not; broker and venue share a machine. */
  private static final Duration CLOCKS = Duration.ofMillis(5);

  private final Map<OrderRef, OrderRecord> histories;
  private final ProgressLog progress;

  Reconciliation(
      Map<String, OrderPlayer.Sent> intents,
      List<OutcomeReader.Read> outcomes,
      Map<OrderRef, OrderRecord> histories,
      ProgressLog progress) {
    this.intents = Map.copyOf(intents);
    for (OutcomeReader.Read read : outcomes) {
      this.outcomes
          .computeIfAbsent(read.outcome().cancel().cancelId(), id -> new ArrayList<>())
          .add(read);
    }
    this.histories = histories;
    this.progress = progress;
  }

  Map<String, OrderPlayer.Sent> intents() {
    return intents;
  }

  Map<String, List<OutcomeReader.Read>> outcomes() {
    return outcomes;
  }

  OrderRecord history(OrderRef order) {
    return histories.getOrDefault(order, new OrderRecord(List.of(), List.of()));
  }

  List<ProgressLog.Line> progress(OrderRef order) {
    return progress.of(order);
  }

  /** The last change of an order; null: the venue never had it. */
  @Nullable Changed last(OrderRef order) {
    List<Changed> changes = history(order).changes();
    return changes.isEmpty() ? null : changes.getLast();
  }

  /** This cancel and the one it joined, and so on: their calls are its calls. */
  Set<String> family(Outcome outcome) {
    Set<String> family = new HashSet<>();
    Outcome next = outcome;
    while (next != null && family.add(next.cancel().cancelId())) {
      List<OutcomeReader.Read> leader =
          next.joinedTo() == null ? null : outcomes.get(next.joinedTo());
      next = leader == null ? null : leader.getFirst().outcome();
    }
    return family;
  }

  /** Whether a marker says that one of these was about to be sent. */
  boolean marked(OrderRef order, Set<String> ids) {
    return presumed(ids)
        || progress(order).stream()
            .map(ProgressLog.Line::event)
            .anyMatch(
                event ->
                    event instanceof LedgerEvent.Started started
                        && started.kind() == RequestKind.CANCEL
                        && ids.contains(started.cancel().cancelId()));
  }

  /** Whether an outcome of these says that a desk may have called under its lease. */
  private boolean presumed(Set<String> ids) {
    return ids.stream()
        .flatMap(id -> outcomes.getOrDefault(id, List.of()).stream())
        .flatMap(read -> read.outcome().attempts().stream())
        .anyMatch(attempt -> attempt.lease() != null && attempt.sent());
  }

  /** Cancel calls that can only have been made for one of these. */
  List<JournalCall> callsOf(OrderRef order, Set<String> ids) {
    return history(order).calls().stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .filter(
            call -> {
              Set<String> makers = makers(order, call);
              return !makers.isEmpty() && ids.containsAll(makers);
            })
        .toList();
  }

  /**
   * The cancels for which a call may have been made: those with an attempt that was marked before
   * the call arrived and had no answer yet; one that was given up may still arrive. The journal
   * does not know whose a call is.
   */
  Set<String> makers(OrderRef order, JournalCall call) {
    Instant at = call.received().at();
    Map<String, Instant> replied = new HashMap<>();
    for (ProgressLog.Line line : progress(order)) {
      if (line.event() instanceof LedgerEvent.Replied reply
          && !(reply.reply() instanceof Reply.Ambiguous)) {
        replied.put(reply.attemptId(), reply.time());
      }
    }
    Set<String> makers = new LinkedHashSet<>();
    for (ProgressLog.Line line : progress(order)) {
      if (line.event() instanceof LedgerEvent.Started started
          && started.kind() == RequestKind.CANCEL
          && !started.time().isAfter(at)) {
        Instant end = replied.get(started.attemptId());
        Cancel cancel = started.cancel();
        if (end == null || !end.isBefore(at)) {
          makers.add(cancel.cancelId());
        }
      }
    }
    return makers;
  }

  /** Cancel calls that no marker announced, and no lease allowed. */
  List<JournalCall> unannounced() {
    List<JournalCall> calls = new ArrayList<>();
    histories.forEach(
        (order, history) ->
            history.calls().stream()
                .filter(call -> call.kind() == CallKind.CANCEL)
                .filter(call -> makers(order, call).isEmpty() && !leased(order, call))
                .forEach(calls::add));
    return calls;
  }

  /** Whether a lease let a desk call for a cancel of the order, and its decision may be lost. */
  private boolean leased(OrderRef order, JournalCall call) {
    return progress(order).stream()
        .anyMatch(
            line -> progress.leased(line.event().cancel(), call.received().at().plus(CLOCKS)));
  }

  /** Every cancel call. */
  List<JournalCall> cancels() {
    return histories.values().stream()
        .flatMap(history -> history.calls().stream())
        .filter(call -> call.kind() == CallKind.CANCEL)
        .toList();
  }

  long cancelCalls() {
    return cancels().size();
  }
}
