package io.countermand.app.demo;

import io.countermand.domain.Intent;
import io.countermand.domain.Outcome;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.OutcomeReader;
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
  private final Set<OrderRef> orders = ConcurrentHashMap.newKeySet();
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

  void expect(Intent intent) {
    expected.add(intent.cancelId());
    orders.add(intent.order());
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

  /** First outcome of each cancel of these orders, with when it was read. */
  Map<String, OutcomeReader.Read> first() {
    Map<String, OutcomeReader.Read> first = new HashMap<>();
    byCancel.forEach(
        (id, reads) -> {
          if (ours(id, reads)) {
            first.put(id, reads.getFirst());
          }
        });
    return first;
  }

  List<String> missing() {
    return expected.stream().filter(id -> !byCancel.containsKey(id)).sorted().toList();
  }

  /** Outcomes beyond the first of each cancel. */
  List<Outcome> duplicates() {
    return byCancel.entrySet().stream()
        .filter(one -> ours(one.getKey(), one.getValue()))
        .flatMap(one -> one.getValue().stream().skip(1))
        .map(OutcomeReader.Read::outcome)
        .toList();
  }

  /** All outcomes read of these orders, duplicates included. */
  long outcomes() {
    return byCancel.entrySet().stream()
        .filter(one -> ours(one.getKey(), one.getValue()))
        .mapToLong(one -> one.getValue().size())
        .sum();
  }

  /** Others may cancel on the same cluster. */
  private boolean ours(String cancelId, List<OutcomeReader.Read> reads) {
    return expected.contains(cancelId)
        || orders.contains(reads.getFirst().outcome().cancel().order());
  }

  /** Cancels of these orders that have an outcome, and that nobody asked for. */
  long unexpected() {
    return byCancel.entrySet().stream()
        .filter(one -> !expected.contains(one.getKey()))
        .filter(one -> ours(one.getKey(), one.getValue()))
        .count();
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
