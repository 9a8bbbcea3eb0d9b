package io.countermand.console.kept;

import io.countermand.client.ClientException;
import io.countermand.client.Connection;
import io.countermand.client.EventRecord;
import io.countermand.client.EventStream;
import io.countermand.client.Positions;
import io.countermand.client.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands on the records of one topic, from some time ago on, as they come. Thread-safe. */
public final class Follower<T extends SpecificRecord> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final Duration ROUND = Duration.ofMillis(500);

  private final String topic;
  private final EventStream.Builder<T> place;
  private final Consumer<EventRecord<T>> to;
  private final Positions end;
  private final Thread thread;
  private EventStream<T> stream;
  private volatile boolean caughtUp;
  private volatile boolean closed;
  private volatile boolean troubled;

  private Follower(
      Connection connection,
      String topic,
      Class<T> type,
      Instant from,
      Consumer<EventRecord<T>> to) {
    this.topic = topic;
    this.to = to;
    this.place =
        EventStream.of(connection, topic, type)
            .onUnreadable(
                each ->
                    LOG.atDebug().addKeyValue("record", each).log("cannot be read, passed over"));
    this.stream = place.from(from).open();
    try (EventStream<T> newest = EventStream.of(connection, topic, type).fromNow().open()) {
      this.end = newest.positions();
    } catch (RuntimeException e) {
      stream.close();
      throw e;
    }
    this.thread = Thread.ofPlatform().daemon().name("console-" + topic).unstarted(this::run);
  }

  /**
   * @param from what was written then or later
   * @throws ClientException if the topic cannot be read
   */
  public static <T extends SpecificRecord> Follower<T> start(
      Connection connection,
      String topic,
      Class<T> type,
      Instant from,
      Consumer<EventRecord<T>> to) {
    var follower = new Follower<>(connection, topic, type, from, to);
    follower.thread.start();
    return follower;
  }

  public String topic() {
    return topic;
  }

  /** Whether what was there when it was opened has been handed on. */
  public boolean caughtUp() {
    return caughtUp;
  }

  /** Whether the topic could not be read a moment ago. */
  public boolean troubled() {
    return troubled;
  }

  private void run() {
    try {
      while (!closed) {
        round();
      }
    } finally {
      stream.close();
    }
  }

  private void round() {
    try {
      stream.poll(ROUND).forEach(this::handOn);
      troubled = false;
      // Not: a round that brings nothing, which may be one of a slow broker.
      caughtUp = caughtUp || stream.positions().reach(end);
    } catch (ClientException e) {
      troubled = true;
      LOG.atWarn()
          .addKeyValue("topic", topic)
          .addKeyValue("error", e.getMessage())
          .log("a topic cannot be read, trying on");
      if (e.problem() == Problem.POSITION_LOST) {
        again();
      }
      LockSupport.parkNanos(ROUND.toNanos());
    }
  }

  /** One record that nobody thought of must not end the reading. */
  private void handOn(EventRecord<T> record) {
    try {
      to.accept(record);
    } catch (RuntimeException e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("topic", topic)
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .log("a record is not shown");
    }
  }

  /** Retention was faster: from the first record that is kept. */
  private void again() {
    try {
      EventStream<T> next = place.fromBeginning().open();
      stream.close();
      stream = next;
    } catch (ClientException e) {
      LOG.atWarn().addKeyValue("error", e.getMessage()).log("a topic cannot be opened, trying on");
    }
  }

  /** Returns when the thread has ended, or is interrupted. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
