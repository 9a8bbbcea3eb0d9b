package io.countermand.app.demo;

import io.countermand.domain.Attempt;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.simulator.journal.Journal;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run showed; written as JSON by {@code --report}.
 *
 * @param callsForTerminal orders whose every cancel was refused early, and that the venue was
 *     called for all the same; by the simulator's own journal
 */
public record DemoReport(
    String flow,
    long intents,
    long outcomes,
    long missing,
    long duplicates,
    long malformed,
    long deadLetters,
    long repeats,
    long venueCalls,
    long earlyRejected,
    long callsForTerminal,
    Map<String, Long> byResult,
    Map<String, Long> byReason,
    Map<String, VenuePart> byVenue,
    Map<String, Latency> latencyMs,
    List<String> missingIds,
    Examples examples) {

  /**
   * Cancels to be told as stories.
   *
   * @param refused refused early; null: none was
   * @param canceled cancelled, and confirmed by the venue's answer where there is such a one; null:
   *     none was
   * @param unresolved that nobody could answer; null: there is none
   */
  public record Examples(
      @Nullable String refused, @Nullable String canceled, @Nullable String unresolved) {

    static Examples of(Collection<Outcome> outcomes) {
      String refused = null;
      String canceled = null;
      String unresolved = null;
      boolean confirmed = false;
      for (Outcome outcome : outcomes) {
        String id = outcome.cancel().cancelId();
        if (refused == null && refusedEarly(outcome)) {
          refused = id;
        }
        if (outcome.result() == CancelResult.UNRESOLVED
            && (unresolved == null || id.compareTo(unresolved) < 0)) {
          unresolved = id;
        }
        if (outcome.result() == CancelResult.CANCELED
            && outcome.joinedTo() == null
            && (canceled == null || !confirmed)) {
          canceled = id;
          confirmed = outcome.reason() == Reason.CONFIRMED_BY_VENUE;
        }
      }
      return new Examples(refused, canceled, unresolved);
    }
  }

  /** Nothing is missing and nothing doubled. */
  public boolean good() {
    return missing == 0 && duplicates == 0;
  }

  private static final int MOST_IDS = 20;

  /** Percentiles, in milliseconds. */
  public record Latency(long count, double p50, double p90, double p99, double max) {

    static Latency of(Histogram micros) {
      return new Latency(
          micros.getTotalCount(),
          micros.getValueAtPercentile(50) / 1000.0,
          micros.getValueAtPercentile(90) / 1000.0,
          micros.getValueAtPercentile(99) / 1000.0,
          micros.getMaxValue() / 1000.0);
    }
  }

  /** The same for one venue. */
  public record VenuePart(
      long outcomes, long venueCalls, Map<String, Long> byResult, Map<String, Latency> latencyMs) {}

  static DemoReport of(
      Flow flow, OutcomeCounts tally, FlowPlayer player, Journal journal, long deadLetters) {
    Map<String, OutcomeReader.Read> first = tally.first();
    Map<OrderRef, Instant> arrived = new HashMap<>();
    long calls = 0;
    Map<String, Long> callsByVenue = new TreeMap<>();
    Set<String> orders = flow.orderIds();
    for (JournalCall call : journal.calls(CallKind.CANCEL)) {
      var received = call.received();
      if (!orders.contains(received.orderId())) {
        continue; // of the warm-up
      }
      calls++;
      callsByVenue.merge(received.venue(), 1L, Long::sum);
      if (received.orderId() != null && received.account() != null) {
        arrived.putIfAbsent(
            new OrderRef(received.venue(), received.account(), received.orderId()), received.at());
      }
    }
    var all = new Parts();
    Map<String, Parts> venues = new TreeMap<>();
    long early = 0;
    Set<OrderRef> refusedOnly = new HashSet<>();
    Set<OrderRef> otherwise = new HashSet<>();
    for (var entry : first.entrySet()) {
      Outcome outcome = entry.getValue().outcome();
      Instant intended = player.intended().get(entry.getKey());
      Instant call = outcome.joinedTo() == null ? arrived.get(outcome.cancel().order()) : null;
      boolean terminal = refusedEarly(outcome);
      if (terminal) {
        early++;
      }
      (terminal ? refusedOnly : otherwise).add(outcome.cancel().order());
      Parts venue = venues.computeIfAbsent(outcome.cancel().order().venue(), key -> new Parts());
      for (Parts parts : List.of(all, venue)) {
        parts.add(outcome, intended, terminal ? null : call, entry.getValue().readAt());
      }
    }
    Map<String, VenuePart> byVenue = new LinkedHashMap<>();
    venues.forEach(
        (name, parts) ->
            byVenue.put(
                name,
                new VenuePart(
                    parts.outcomes,
                    callsByVenue.getOrDefault(name, 0L),
                    parts.byResult,
                    parts.latency())));
    refusedOnly.removeAll(otherwise);
    refusedOnly.retainAll(arrived.keySet());
    List<String> missing = tally.missing();
    return new DemoReport(
        flow.name(),
        tally.expected(),
        tally.outcomes(),
        missing.size(),
        tally.duplicates().size() + tally.unexpected(),
        flow.count(FlowStep.Expect.MALFORMED) + flow.count(FlowStep.Expect.DEAD_LETTER),
        deadLetters,
        flow.count(FlowStep.Expect.REPEAT),
        calls,
        early,
        refusedOnly.size(),
        all.byResult,
        all.byReason,
        byVenue,
        all.latency(),
        missing.stream().limit(MOST_IDS).toList(),
        Examples.of(first.values().stream().map(OutcomeReader.Read::outcome).toList()));
  }

  /** Without a venue call, since the order had ended already. */
  static boolean refusedEarly(Outcome outcome) {
    return outcome.decidedBy() == DecidedBy.DESK && ended(outcome.reason());
  }

  private static boolean ended(Reason reason) {
    return switch (reason) {
      case ORDER_FILLED, ORDER_CANCELED, ORDER_REJECTED, ORDER_EXPIRED -> true;
      default -> false;
    };
  }

  private static final class Parts {
    private final Map<String, Long> byResult = new TreeMap<>();
    private final Map<String, Long> byReason = new TreeMap<>();
    private final Histogram toStarted = new Histogram(3);
    private final Histogram toSent = new Histogram(3);
    private final Histogram toVenue = new Histogram(3);
    private final Histogram toOutcome = new Histogram(3);
    private long outcomes;

    void add(Outcome outcome, @Nullable Instant intended, @Nullable Instant call, Instant readAt) {
      outcomes++;
      byResult.merge(outcome.result().name(), 1L, Long::sum);
      byReason.merge(outcome.reason().name(), 1L, Long::sum);
      if (intended != null) {
        toOutcome.recordValue(micros(intended, readAt));
        if (call != null) {
          toVenue.recordValue(micros(intended, call));
          Attempt first = outcome.attempts().isEmpty() ? null : outcome.attempts().getFirst();
          if (first != null && first.startedAt() != null && first.sentAt() != null) {
            toStarted.recordValue(micros(intended, first.startedAt()));
            toSent.recordValue(micros(first.startedAt(), first.sentAt()));
          }
        }
      }
    }

    Map<String, Latency> latency() {
      Map<String, Latency> latency = new LinkedHashMap<>();
      latency.put("intentToVenue", Latency.of(toVenue));
      latency.put("intentToOutcome", Latency.of(toOutcome));
      latency.put("intentToMarker", Latency.of(toStarted));
      latency.put("markerToCall", Latency.of(toSent));
      return latency;
    }

    private static long micros(Instant from, Instant to) {
      return Math.max(0, Duration.between(from, to).toNanos() / 1000);
    }
  }
}
