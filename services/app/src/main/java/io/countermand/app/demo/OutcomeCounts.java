package io.countermand.app.demo;

import io.countermand.client.OutcomeReader;
import io.countermand.domain.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Counts outcomes by reading {@code cancel-outcomes} with read_committed, not from the pipeline's
 * own counters. Its thread reads until closed.
 */
final class OutcomeCounts implements AutoCloseable {

  private final Map<String, List<OutcomeReader.Read>> byCancel = new ConcurrentHashMap<>();
  private final Set<String> expected = ConcurrentHashMap.newKeySet();
  private final OutcomeReader reader;
  private final Consumer<OutcomeReader.Read> first;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param first hears of the first outcome of each cancel
   */
  OutcomeCounts(OutcomeReader reader, Consumer<OutcomeReader.Read> first) {
    this.reader = reader;
    this.first = first;
    this.thread = Thread.ofPlatform().name("tally").start(this::read);
  }

  private void read() {
    while (!closed) {
      for (OutcomeReader.Read read : reader.poll(Duration.ofMillis(100))) {
        List<OutcomeReader.Read> of =
            byCancel.computeIfAbsent(
                read.outcome().cancel().cancelId(),
                id -> java.util.Collections.synchronizedList(new ArrayList<>()));
        of.add(read);
        if (of.size() == 1) {
          first.accept(read);
        }
      }
    }
  }

  void expect(String cancelId) {
    expected.add(cancelId);
  }

  boolean answered(String cancelId) {
    return byCancel.containsKey(cancelId);
  }

  /** Expected cancels that have an outcome. */
  long answered() {
    return expected.stream().filter(byCancel::containsKey).count();
  }

  long expected() {
    return expected.size();
  }

  /** First outcome of each cancel, with when it was read. */
  Map<String, OutcomeReader.Read> first() {
    Map<String, OutcomeReader.Read> first = new HashMap<>();
    byCancel.forEach((id, reads) -> first.put(id, reads.getFirst()));
    return first;
  }

  List<String> missing() {
    return expected.stream().filter(id -> !byCancel.containsKey(id)).sorted().toList();
  }

  /** Outcomes beyond the first of each cancel. */
  List<Outcome> duplicates() {
    return byCancel.values().stream()
        .flatMap(reads -> reads.stream().skip(1))
        .map(OutcomeReader.Read::outcome)
        .toList();
  }

  /** All outcomes read, duplicates included. */
  long outcomes() {
    return byCancel.values().stream().mapToLong(List::size).sum();
  }

  /** Outcomes of cancels that nobody asked for. */
  long unexpected() {
    return byCancel.keySet().stream().filter(id -> !expected.contains(id)).count();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reader.close();
  }
}
