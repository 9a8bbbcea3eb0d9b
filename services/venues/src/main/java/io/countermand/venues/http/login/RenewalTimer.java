package io.countermand.venues.http.login;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Looks after a token from {@link #start} to {@link #close}, on a virtual thread of its own. */
final class RenewalTimer implements AutoCloseable {

  /** The clock is an argument, and may jump: looked at again so often. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final String name;
  private final Runnable look;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param look must neither block nor throw
   */
  RenewalTimer(String name, Runnable look) {
    this.name = name;
    this.look = look;
  }

  /** Begins, the first time; returns at once. */
  void start() {
    if (started.compareAndSet(false, true)) {
      Thread.ofVirtual().name("token-timer-" + name).start(this::run);
    }
  }

  private void run() {
    try {
      while (!closed.await(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
        look.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
