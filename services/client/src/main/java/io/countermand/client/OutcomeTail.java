package io.countermand.client;

import io.countermand.platform.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows all outcomes from the opening on, on a thread of its own. */
final class OutcomeTail {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeTail.class);
  private static final Duration ROUND = Duration.ofMillis(200);
  private static final long PAUSE = Duration.ofMillis(500).toNanos();

  private final Consumer<byte[], byte[]> consumer;
  private final PendingCancels pending;
  private final Thread thread;
  private volatile boolean closed;

  /** With every partition at its end, so that it misses nothing from now on. */
  OutcomeTail(Consumer<byte[], byte[]> consumer, List<Integer> partitions, PendingCancels pending) {
    this.consumer = consumer;
    this.pending = pending;
    consumer.assign(
        partitions.stream().map(each -> new TopicPartition(Topics.OUTCOMES, each)).toList());
    consumer.seekToEnd(consumer.assignment());
    consumer.assignment().forEach(consumer::position); // seeks are lazy
    this.thread = Thread.ofPlatform().daemon().name("countermand-outcomes").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    long retried = System.nanoTime();
    while (!closed) {
      try {
        round();
        long now = System.nanoTime();
        if (now - retried > PAUSE) {
          retried = now;
          again();
          pending.expire(now);
        }
      } catch (Throwable e) { // an Error, or a fault of ours: nobody else would end what waits
        broken(e);
      }
    }
    consumer.close();
  }

  private void broken(Throwable by) {
    try {
      pending.fail(ClientException.of("reading outcomes", by));
      LOG.atError().setCause(by).log("outcomes cannot be read, who waits is told; trying on");
    } catch (Throwable e) {
      // the next round tells who waits then
    }
    LockSupport.parkNanos(PAUSE);
  }

  private void round() {
    try {
      consumer.poll(ROUND).forEach(pending::offer);
    } catch (WakeupException e) {
      // closed
    } catch (OffsetOutOfRangeException e) {
      consumer.seekToBeginning(e.partitions());
    } catch (AuthorizationException | AuthenticationException e) {
      pending.fail(ClientException.of("reading outcomes", e));
      LockSupport.parkNanos(PAUSE);
    } catch (RuntimeException e) { // this thread alone ends what waits too long
      LOG.atWarn().addKeyValue("error", e.toString()).log("outcomes cannot be read, trying on");
      pending.troubled(e.toString());
      LockSupport.parkNanos(PAUSE);
    }
  }

  private void again() {
    try {
      pending.again();
    } catch (RuntimeException e) { // as above
      LOG.atWarn().addKeyValue("error", e.toString()).log("outcomes cannot be read, trying on");
    }
  }

  /** Returns when the thread has ended, or is interrupted. */
  void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
