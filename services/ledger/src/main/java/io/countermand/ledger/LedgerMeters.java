package io.countermand.ledger;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.RequestKind;
import io.countermand.domain.lifecycle.FindingKind;
import io.countermand.domain.lifecycle.LedgerEffect;
import io.countermand.kafka.deadletter.DeadLetterCounts;
import io.countermand.kafka.streams.RoleMeters;
import io.countermand.ledger.OpenCancels.View;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/** What a ledger counts and how old its open cancels are. Thread-safe. */
final class LedgerMeters implements AutoCloseable {

  private static final Duration[] BUCKETS =
      LongStream.of(10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry meters;
  private final RoleMeters gauges;
  private final LedgerSettings settings;
  private final InstantSource time;
  private final Map<String, PerVenue> venues = new HashMap<>();
  private final PerVenue otherVenue;
  private final DeadLetterCounts deadLetters;
  private final Map<String, Counter> passedOver = new HashMap<>();
  private final Map<TaskId, Task> tasks = new ConcurrentHashMap<>();

  private volatile int switchesOn;
  private final DeadManMeters deadMan;

  /** What a task that runs here has published last. */
  private record Task(OpenCancels open, long orders, long settled) {}

  LedgerMeters(MeterRegistry meters, LedgerSettings settings, InstantSource time) {
    this.meters = meters;
    this.gauges = new RoleMeters(meters, "ledger", "");
    this.settings = settings;
    this.time = time;
    settings.venues().forEach(venue -> venues.put(venue, new PerVenue(venue)));
    this.otherVenue = new PerVenue(OpenCancels.OTHER);
    this.deadLetters =
        new DeadLetterCounts(
            meters,
            "ledger",
            List.of(Topics.INTENTS, Topics.PROGRESS, Topics.ORDER_EVENTS, Topics.HEARTBEATS));
    for (String topic : Ledger.SOURCES) {
      passedOver.put(
          topic,
          Counter.builder("countermand.ledger.passed.over")
              .description("Records read again, since offsets were lost; nothing came of them")
              .tag("topic", topic)
              .register(meters));
    }
    gauges.gauge(
        "countermand.ledger.orders",
        "Orders kept in this process, about; of most only settled cancelIds",
        Tags.empty(),
        () -> tasks.values().stream().mapToLong(Task::orders).sum());
    gauges.gauge(
        "countermand.ledger.kill.switches",
        "Kill switches that are on; 0 also in a ledger that does not take mass cancels now",
        Tags.empty(),
        () -> switchesOn);
    this.deadMan = new DeadManMeters(meters, gauges, time);
    gauges.gauge(
        "countermand.ledger.settled",
        "Settled cancelIds kept in this process beside the last ones of each order, about",
        Tags.empty(),
        () -> tasks.values().stream().mapToLong(Task::settled).sum());
  }

  /** Of dead-man's switches. */
  DeadManMeters deadMan() {
    return deadMan;
  }

  /** How many kill switches are on, as the one task knows that takes them; 0 where it is not. */
  void switches(int on) {
    switchesOn = on;
  }

  /** A record of that topic was read again, and nothing came of it. */
  void passedOver(String topic) {
    Objects.requireNonNull(passedOver.get(topic)).increment();
  }

  DeadLetterCounts deadLetters() {
    return deadLetters;
  }

  void decided(LedgerEffect effect) {
    switch (effect) {
      case LedgerEffect.Settle(Outcome outcome) ->
          of(outcome.cancel().order().venue()).settled(outcome);
      case LedgerEffect.Ask(var request) ->
          of(request.cancel().order().venue()).asked(request.kind());
      case LedgerEffect.Find(var finding) ->
          of(finding.cancel().order().venue()).found(finding.kind());
      case LedgerEffect.Tell _, LedgerEffect.Conflict _ -> {}
    }
  }

  /** A task started here. */
  void has(TaskId task, OpenCancels open) {
    tasks.put(task, new Task(open, 0, 0));
  }

  /** About how much its stores hold. */
  void has(TaskId task, OpenCancels open, long orders, long settled) {
    tasks.put(task, new Task(open, orders, settled));
  }

  /** The task is no longer here. */
  void gone(TaskId task) {
    tasks.remove(task);
  }

  private Stream<View> views(String venue) {
    return tasks.values().stream().map(task -> task.open().view(venue));
  }

  @Override
  public void close() {
    gauges.close();
  }

  private PerVenue of(String venue) {
    return venues.getOrDefault(venue, otherVenue);
  }

  /** The usual reasons of cancels of which nobody knows what became. */
  private static final List<Reason> UNRESOLVED =
      List.of(Reason.NO_ANSWER, Reason.UNCLEAR_ANSWER, Reason.LEADER_STILL_OPEN);

  private final class PerVenue {

    private final String venue;
    private final Map<CancelResult, Map<Reason, Counter>> outcomes =
        new EnumMap<>(CancelResult.class);
    private final Map<RequestKind, Counter> asks = new EnumMap<>(RequestKind.class);
    private final Map<FindingKind, Counter> findings = new EnumMap<>(FindingKind.class);
    private final Timer took;

    PerVenue(String venue) {
      this.venue = venue;
      for (CancelResult result : CancelResult.values()) {
        outcomes.put(result, new ConcurrentHashMap<>());
      }
      // There from the start: of a series that begins with its first count, no rate shows that one.
      for (Reason reason : UNRESOLVED) {
        Counter _ = counter(CancelResult.UNRESOLVED, reason);
      }
      for (RequestKind kind : RequestKind.values()) {
        asks.put(
            kind,
            Counter.builder("countermand.ledger.asks")
                .description("Later attempts and status queries asked for")
                .tags(Tags.of("venue", venue, "kind", kind.name()))
                .register(meters));
      }
      for (FindingKind kind : FindingKind.values()) {
        findings.put(
            kind,
            Counter.builder("countermand.findings")
                .description("What was learned of cancels after their outcomes")
                .tags(Tags.of("venue", venue, "kind", kind.name()))
                .register(meters));
      }
      this.took =
          Timer.builder("countermand.ledger.outcome")
              .description("From the broker's time of the intent to the decision of its outcome")
              .serviceLevelObjectives(BUCKETS)
              .tags("venue", venue)
              .register(meters);
      gauges.gauge(
          "countermand.ledger.open",
          "Cancels without an outcome",
          Tags.of("venue", venue),
          () -> views(venue).mapToInt(View::count).sum());
      gauges.gauge(
          "countermand.ledger.oldest.open.seconds",
          "Age of the oldest cancel without an outcome; 0: there is none",
          Tags.of("venue", venue),
          () -> longest(View::oldest, Duration.ZERO));
      gauges.gauge(
          "countermand.ledger.overdue.seconds",
          "How long the earliest deadline of an open cancel and its grace are over; 0: none is",
          Tags.of("venue", venue),
          () -> longest(View::earliest, settings.rules().answerGrace()));
    }

    /** Seconds since the earliest of these and the grace; 0: there is none, or it is to come. */
    private double longest(Function<View, @Nullable Instant> since, Duration grace) {
      Instant now = time.instant();
      return views(venue)
          .map(since)
          .filter(Objects::nonNull)
          .mapToDouble(at -> Duration.between(at.plus(grace), now).toMillis() / 1000.0)
          .filter(seconds -> seconds > 0)
          .max()
          .orElse(0);
    }

    void asked(RequestKind kind) {
      Objects.requireNonNull(asks.get(kind)).increment();
    }

    void found(FindingKind kind) {
      Objects.requireNonNull(findings.get(kind)).increment();
    }

    /** A series for each pair that occurs; most of them never do. */
    private Counter counter(CancelResult result, Reason reason) {
      Map<Reason, Counter> byReason = Objects.requireNonNull(outcomes.get(result));
      Counter counter = byReason.get(reason);
      if (counter == null) {
        counter =
            Counter.builder("countermand.ledger.outcomes")
                .description("Outcomes decided")
                .tags(Tags.of("venue", venue, "result", result.name(), "reason", reason.name()))
                .register(meters);
        byReason.put(reason, counter);
      }
      return counter;
    }

    void settled(Outcome outcome) {
      counter(outcome.result(), outcome.reason()).increment();
      took.record(Duration.between(outcome.cancel().receivedAt(), outcome.decidedAt()));
    }
  }
}
