package io.countermand.app.cancel;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A command with our own input and output, and a heartbeat every so often while it runs. Who asks
 * us to end (SIGTERM, Ctrl-C) ends the command, too: it must not trade on unguarded.
 */
final class GuardedCommand implements AutoCloseable {

  private final Process process;
  private final Thread hook;
  private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
  private final Supplier<CompletionStage<?>> heartbeat;
  private final PrintWriter err;
  private final AtomicBoolean failing = new AtomicBoolean();

  /**
   * Starts it.
   *
   * @throws IOException if that cannot be
   */
  GuardedCommand(
      List<String> command,
      Duration period,
      Supplier<CompletionStage<?>> heartbeat,
      PrintWriter err)
      throws IOException {
    this.heartbeat = heartbeat;
    this.err = err;
    this.process = new ProcessBuilder(command).inheritIO().start();
    this.hook = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(hook);
    long nanos = period.toNanos();
    var _ = beats.scheduleWithFixedDelay(this::beat, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** Its exit code; 128 and the signal's number where it was killed. No heartbeat follows. */
  int await() throws InterruptedException {
    int code = process.waitFor();
    close();
    return code;
  }

  private void beat() {
    if (!process.isAlive()) {
      return;
    }
    try {
      var _ = heartbeat.get().whenComplete((_, failure) -> said(failure));
    } catch (RuntimeException e) {
      said(e); // no metadata, no schema: the next one tries again
    }
  }

  /** Once, not five times in each time-out. */
  private void said(@Nullable Throwable failure) {
    if (failure == null) {
      if (failing.getAndSet(false)) {
        err.println("heartbeats are written again");
      }
    } else if (!failing.getAndSet(true)) {
      err.println("a heartbeat was not written, so the switch may fire: " + failure);
    }
    err.flush();
  }

  @Override
  public void close() {
    beats.shutdown();
    try {
      var _ = beats.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      var _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // it runs already, and ends the command
    }
  }
}
