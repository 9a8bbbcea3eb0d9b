package io.countermand.simulator.venue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits, on virtual threads, and runs short tasks later; ends all waits when it is closed. */
public final class Timer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Timer.class);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final ScheduledThreadPoolExecutor later =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("simulator-timer").factory());

  public Timer() {
    later.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Returns whether the time went by; false if the timer was closed or the thread interrupted. */
  public boolean pause(Duration time) {
    if (time.isZero() || time.isNegative()) {
      return true;
    }
    try {
      return !closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  public void after(Duration time, Runnable task) {
    try {
      var _ = later.schedule(() -> run(task), time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("task dropped: the simulator is closed");
    }
  }

  @Override
  public void close() {
    closed.countDown();
    later.shutdownNow();
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.warn("a task of the simulator failed", e);
    }
  }
}
