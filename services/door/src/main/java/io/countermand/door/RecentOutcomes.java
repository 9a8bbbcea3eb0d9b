package io.countermand.door;

import io.countermand.client.ClientException;
import io.countermand.client.Connection;
import io.countermand.client.EventRecord;
import io.countermand.client.EventStream;
import io.countermand.client.OutcomeStream;
import io.countermand.client.Positions;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last outcomes, by order and cancelId, read from the topic from an hour before the start on; a
 * read model of the door's own, so nobody else carries its questions. Thread-safe.
 */
final class RecentOutcomes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RecentOutcomes.class);
  private static final Duration BACK = Duration.ofHours(1);
  private static final Duration ROUND = Duration.ofMillis(500);

  private final Map<String, EventRecord<CancelOutcome>> outcomes = new LinkedHashMap<>();
  private final EventStream<CancelOutcome> stream;
  private final Positions end;
  private final int most;
  private final Thread thread;
  private volatile boolean caughtUp;
  private volatile boolean closed;

  private RecentOutcomes(Connection connection, int most) {
    this.stream = open(connection).from(Instant.now().minus(BACK)).open();
    try (EventStream<CancelOutcome> newest = open(connection).fromNow().open()) {
      this.end = newest.positions();
    } catch (RuntimeException e) {
      stream.close();
      throw e;
    }
    this.most = most;
    this.thread = Thread.ofPlatform().daemon().name("door-outcomes").unstarted(this::run);
  }

  /**
   * @param most kept; the oldest goes
   * @throws ClientException if the topic cannot be read
   */
  static RecentOutcomes follow(Connection connection, int most) {
    var outcomes = new RecentOutcomes(connection, most);
    outcomes.thread.start();
    return outcomes;
  }

  private static EventStream.Builder<CancelOutcome> open(Connection connection) {
    return OutcomeStream.of(connection).dedupe(0);
  }

  /** Whether it has read what was there when it was opened. */
  boolean caughtUp() {
    return caughtUp;
  }

  synchronized Optional<EventRecord<CancelOutcome>> find(OrderKey order, String cancelId) {
    return Optional.ofNullable(outcomes.get(name(order, cancelId)));
  }

  /** Also of who has heard of it before the reader here: each is kept once. */
  synchronized void add(EventRecord<CancelOutcome> record) {
    OrderKey order = OrderKey.of(record.value().getCancel());
    outcomes.putIfAbsent(name(order, record.value().getCancel().getCancelId()), record);
    if (outcomes.size() > most) {
      outcomes.remove(outcomes.keySet().iterator().next());
    }
  }

  private static String name(OrderKey order, String cancelId) {
    return order.key() + ' ' + cancelId;
  }

  private void run() {
    try (stream) {
      while (!closed) {
        try {
          stream.poll(ROUND).forEach(this::add);
          caughtUp = caughtUp || stream.positions().reach(end);
        } catch (ClientException e) {
          LOG.atWarn()
              .addKeyValue("error", e.getMessage())
              .log("outcomes cannot be read, trying on");
          LockSupport.parkNanos(ROUND.toNanos());
        }
      }
    }
  }

  /** Returns when the thread has ended, or is interrupted. */
  @Override
  public void close() {
    closed = true;
    stream.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
