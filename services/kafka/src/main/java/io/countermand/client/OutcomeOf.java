package io.countermand.client;

import io.countermand.client.OutcomeReader.Read;
import io.countermand.domain.Intent;
import io.countermand.domain.OrderRef;
import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of one cancel: the one that comes, or the one that stands in the topic already
 * because the same intent was published before. A cancelId is unique per order only, so both must
 * match. Open it before the intent is published. One thread.
 */
public final class OutcomeOf implements AutoCloseable {

  private static final Duration TAIL = Duration.ofMillis(200);
  private static final Duration HISTORY = Duration.ofMillis(100);

  /** How many records are looked through at first, from the end; then four times as many. */
  private static final int FIRST_STEP = 2_000;

  private static final int LONGEST_STEP = 128_000;

  private final OrderRef order;
  private final String cancelId;
  private final OutcomeReader tail;
  private final OutcomeReader history;
  private final long opened;

  private OutcomeOf(
      OrderRef order, String cancelId, OutcomeReader tail, OutcomeReader history, long opened) {
    this.order = order;
    this.cancelId = cancelId;
    this.tail = tail;
    this.history = history;
    this.opened = opened;
  }

  /** From now on it misses nothing. */
  public static OutcomeOf open(KafkaConnection connection, Intent intent) {
    OrderRef order = intent.answeredAs();
    OutcomeReader tail = OutcomeReader.ofOrder(connection, order);
    try {
      OutcomeReader history = OutcomeReader.ofOrder(connection, order);
      return new OutcomeOf(order, intent.cancelId(), tail, history, tail.next());
    } catch (RuntimeException e) {
      tail.close();
      throw e;
    }
  }

  /** Waits for an outcome that is written after the opening. */
  public Optional<Read> awaitNew(Duration within) {
    return await(opened, System.nanoTime() + within.toNanos());
  }

  /**
   * Waits for the outcome, and looks meanwhile through what was written before, newest first.
   *
   * @param since how far back: for so long the ledger knows a settled cancelId again
   */
  public Optional<Read> await(Instant since, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    return await(history.offsetAt(since, opened), end);
  }

  private Optional<Read> await(long first, long end) {
    long high = opened; // from here on all has been looked at
    int step = FIRST_STEP;
    while (left(end) && !Thread.currentThread().isInterrupted()) {
      Optional<Read> found = own(tail.poll(high > first ? Duration.ZERO : TAIL));
      if (found.isEmpty() && high > first) {
        long low = Math.max(first, high - step);
        found = between(low, high, end);
        high = low;
        step = Math.min(4 * step, LONGEST_STEP);
      }
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Read> between(long low, long high, long end) {
    history.seek(low);
    while (history.next() < high && left(end)) {
      Optional<Read> found = own(history.poll(HISTORY));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Read> own(List<Read> some) {
    return some.stream()
        .filter(read -> read.outcome().cancel().cancelId().equals(cancelId))
        .filter(read -> read.outcome().cancel().order().equals(order))
        .findFirst();
  }

  private static boolean left(long end) {
    return System.nanoTime() < end;
  }

  @Override
  public void close() {
    tail.close();
    history.close();
  }
}
