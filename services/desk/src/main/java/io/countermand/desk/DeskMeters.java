package io.countermand.desk;

import io.countermand.domain.Reason;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.kafka.deadletter.DeadLetterCounts;
import io.countermand.kafka.streams.RoleMeters;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.TaskId;

/**
 * What a desk counts. Counters are made beforehand, so counting on the way to the venue is a look
 * into two small maps and an addition. Thread-safe.
 */
final class DeskMeters implements AutoCloseable {

  /** What the desk refuses for; anything else would be looked up each time. */
  private static final Set<Reason> REASONS =
      Set.of(
          Reason.MALFORMED,
          Reason.UNKNOWN_VENUE,
          Reason.DEADLINE_PASSED,
          Reason.TOO_MANY_PENDING,
          Reason.QUEUE_FULL,
          Reason.ORDER_FILLED,
          Reason.ORDER_CANCELED,
          Reason.ORDER_REJECTED,
          Reason.ORDER_EXPIRED);

  private final MeterRegistry meters;
  private final Map<String, PerVenue> venues = new HashMap<>();
  private final PerVenue otherVenue;
  private final Counter moved;
  private final Counter disputed;
  private final DeadLetterCounts deadLetters;
  private final RoleMeters gauges;
  private final Map<TaskId, Long> orders = new ConcurrentHashMap<>();

  DeskMeters(MeterRegistry meters, Set<String> known) {
    this.meters = meters;
    known.forEach(venue -> venues.put(venue, new PerVenue(venue)));
    // Not its name: producers choose that, and each new one would be a new series.
    this.otherVenue = new PerVenue("other");
    this.moved =
        Counter.builder("countermand.desk.moved")
            .description("Records published again under their right key or partition")
            .register(meters);
    this.disputed =
        Counter.builder("countermand.desk.disputed")
            .description("Orders whose events began to contradict each other")
            .register(meters);
    this.deadLetters =
        new DeadLetterCounts(
            meters,
            "desk",
            List.of(Topics.INTENTS, Topics.ORDER_EVENTS, Topics.RETRIES, Topics.MASS_COMMANDS));
    this.gauges =
        new RoleMeters(meters, "desk", "")
            .gauge(
                "countermand.desk.orders",
                "Orders in the order-state table of this process, about",
                Tags.empty(),
                () -> orders.values().stream().mapToLong(Long::longValue).sum());
  }

  DeadLetterCounts deadLetters() {
    return deadLetters;
  }

  void decided(String venue, DeskDecision decision) {
    PerVenue counts = venues.getOrDefault(venue, otherVenue);
    counts.intents.increment();
    switch (decision) {
      case DeskDecision.Route _ -> counts.routed.increment();
      case DeskDecision.Join _ -> counts.joined.increment();
      case DeskDecision.Repeat _ -> counts.repeated.increment();
      case DeskDecision.Refuse refuse -> counts.refused(refuse.reason()).increment();
    }
  }

  /** A kill switch gives an order of this venue a cancel. */
  void switched(String venue) {
    venues.getOrDefault(venue, otherVenue).switched.increment();
  }

  void moved() {
    moved.increment();
  }

  /** The events of an order contradict each other from now on. */
  void disputed() {
    disputed.increment();
  }

  /**
   * @param entries about how many orders the task's table has
   */
  void orders(TaskId task, long entries) {
    orders.put(task, entries);
  }

  /** The task is no longer here. */
  void gone(TaskId task) {
    orders.remove(task);
  }

  @Override
  public void close() {
    gauges.close();
  }

  private final class PerVenue {

    private final String venue;
    private final Counter intents;
    private final Counter routed;
    private final Counter joined;
    private final Counter repeated;
    private final Counter switched;
    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);

    PerVenue(String venue) {
      this.venue = venue;
      this.intents =
          Counter.builder("countermand.desk.intents")
              .description("Intents that stood in their right place")
              .tags("venue", venue)
              .register(meters);
      this.switched =
          Counter.builder("countermand.desk.switch.cancels")
              .description("Cancels that kill switches gave orders that opened under them")
              .tags("venue", venue)
              .register(meters);
      this.routed = decisions("routed", "none");
      this.joined = decisions("joined", "none");
      this.repeated = decisions("repeated", "none");
      REASONS.forEach(reason -> refused.put(reason, refusals(reason)));
    }

    Counter refused(Reason reason) {
      Counter known = refused.get(reason);
      return known == null ? refusals(reason) : known;
    }

    private Counter refusals(Reason reason) {
      return switch (reason) {
        case ORDER_FILLED, ORDER_CANCELED, ORDER_REJECTED, ORDER_EXPIRED, ORDER_NOT_OPEN ->
            decisions("rejected_early", reason.name());
        default -> decisions("refused", reason.name());
      };
    }

    private Counter decisions(String decision, String reason) {
      return Counter.builder("countermand.desk.decisions")
          .description("What the desk decided on intents")
          .tags(Tags.of("venue", venue, "decision", decision, "reason", reason))
          .register(meters);
    }
  }
}
