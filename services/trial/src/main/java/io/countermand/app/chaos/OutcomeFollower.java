package io.countermand.app.chaos;

import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.client.OutcomeReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads outcomes (read_committed) while a run lasts, to know when all are there, and when each
 * came.
 */
final class OutcomeFollower implements AutoCloseable {

  private final List<OutcomeReader.Read> reads = new ArrayList<>();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final OutcomeReader reader;
  private final Thread thread;
  private volatile boolean closed;

  OutcomeFollower(KafkaConnection connection) {
    this.reader = OutcomeReader.fromBeginning(connection);
    this.thread = Thread.ofPlatform().name("outcomes").daemon().start(this::read);
  }

  private void read() {
    while (!closed) {
      List<OutcomeReader.Read> some = reader.poll(Duration.ofMillis(100));
      synchronized (reads) {
        reads.addAll(some);
      }
      some.forEach(read -> answered.add(read.outcome().cancel().cancelId()));
    }
  }

  /** Of these, how many have an outcome. */
  long answered(Set<String> ids) {
    return ids.stream().filter(answered::contains).count();
  }

  /** The second book: reads all again, from the beginning to the end of what is committed. */
  static List<OutcomeReader.Read> all(KafkaConnection connection) {
    try (OutcomeReader again = OutcomeReader.fromBeginning(connection)) {
      return again.rest();
    }
  }

  /** With the times at which each was first read. */
  List<OutcomeReader.Read> reads() {
    synchronized (reads) {
      return List.copyOf(reads);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reader.close();
  }
}
