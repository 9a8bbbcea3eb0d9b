package io.countermand.app.chaos;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.simulator.journal.JournalCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one run showed.
 *
 * @param missing acknowledged intents without an outcome
 * @param duplicates cancelIds with more than one outcome, or with one that nobody asked for
 * @param late outcomes read more than a second after deadline and grace
 * @param openOrders cancels of orders that nothing else was to end
 * @param audit differences that the audit found in the recorded topics
 * @param suspicious fewer than half of those were cancelled: such a run proves little
 */
public record RunReport(
    int run,
    long seed,
    long seconds,
    int intents,
    int outcomes,
    List<String> missing,
    List<String> duplicates,
    List<Lie> lies,
    List<String> audit,
    Map<String, Integer> byResult,
    Map<String, Integer> blows,
    long cancelCalls,
    long openOrders,
    long openOrdersCanceled,
    boolean suspicious,
    int late,
    long latestMs,
    List<List<String>> stories) {

  private static final int MOST_STORIES = 20;

  /** An outcome that the journal contradicts. */
  public record Lie(String cancelId, String claim, String because, List<String> story) {}

  public boolean good() {
    return missing.isEmpty() && duplicates.isEmpty() && lies.isEmpty() && audit.isEmpty();
  }

  static RunReport of(
      int run,
      long seed,
      Duration took,
      Reconciliation books,
      Set<String> begun,
      List<OutcomeReader.Read> live,
      Map<String, Integer> blows,
      List<String> audit) {
    TruthCheck truth = new TruthCheck(books);
    Set<String> missing = new TreeSet<>(books.intents().keySet());
    missing.removeAll(books.outcomes().keySet());
    List<String> duplicates = new ArrayList<>();
    List<Lie> lies = new ArrayList<>();
    Map<String, Integer> byResult = new TreeMap<>();
    int outcomes = 0;
    for (var entry : new TreeMap<>(books.outcomes()).entrySet()) {
      outcomes += entry.getValue().size();
      if (entry.getValue().size() > 1 || !begun.contains(entry.getKey())) {
        duplicates.add(entry.getKey());
      }
      for (OutcomeReader.Read read : entry.getValue()) {
        Outcome outcome = read.outcome();
        String claim = outcome.result() + " " + outcome.reason();
        byResult.merge(claim, 1, Integer::sum);
        String because = truth.lie(outcome);
        if (because != null) {
          lies.add(
              new Lie(
                  entry.getKey(),
                  claim,
                  because,
                  lies.size() < MOST_STORIES
                      ? OrderTimeline.of(outcome.cancel().order(), books)
                      : List.of()));
        }
      }
    }
    for (JournalCall call : books.unannounced()) {
      lies.add(
          new Lie("", "no marker, no call", "call " + call.received() + " had none", List.of()));
    }
    long open = books.intents().values().stream().filter(sent -> sent.kind().open()).count();
    long canceled =
        books.intents().entrySet().stream()
            .filter(entry -> entry.getValue().kind().open())
            .map(entry -> books.outcomes().getOrDefault(entry.getKey(), List.of()))
            .filter(reads -> !reads.isEmpty())
            .filter(reads -> reads.getFirst().outcome().result() == CancelResult.CANCELED)
            .count();
    List<Long> late =
        live.stream()
            .filter(read -> begun.contains(read.outcome().cancel().cancelId()))
            .map(RunReport::lateMs)
            .filter(ms -> ms > 1000)
            .toList();
    return new RunReport(
        run,
        seed,
        took.toSeconds(),
        books.intents().size(),
        outcomes,
        List.copyOf(missing),
        duplicates,
        lies,
        audit,
        byResult,
        blows,
        books.cancelCalls(),
        open,
        canceled,
        canceled * 2 < open,
        late.size(),
        late.stream().mapToLong(ms -> ms).max().orElse(0),
        stories(missing, duplicates, books));
  }

  /** A deadline that had passed when the intent came counts from when it came. */
  private static long lateMs(OutcomeReader.Read read) {
    Instant deadline = read.outcome().cancel().deadline();
    Instant received = read.outcome().cancel().receivedAt();
    Instant due = (received.isAfter(deadline) ? received : deadline).plus(RunConfig.GRACE);
    return Duration.between(due, read.readAt()).toMillis();
  }

  private static List<List<String>> stories(
      Set<String> missing, List<String> duplicates, Reconciliation books) {
    Set<String> ids = new TreeSet<>(missing);
    ids.addAll(duplicates);
    return ids.stream()
        .limit(MOST_STORIES)
        .filter(books.intents()::containsKey)
        .map(
            id ->
                OrderTimeline.of(
                    Objects.requireNonNull(books.intents().get(id)).intent().order(), books))
        .toList();
  }
}
