package io.countermand.app.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what was opened, in reverse, once: at the end of a command, on a failure half way, or on
 * Ctrl-C and SIGTERM.
 */
public final class Shutdown implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "shutdown");
  private boolean closed;

  public Shutdown() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * @throws IllegalStateException if the command is being stopped already; {@code part} is closed
   */
  public synchronized <T extends AutoCloseable> T add(T part) {
    if (closed) {
      close(part);
      throw new IllegalStateException("stopped while starting");
    }
    open.push(part);
    return part;
  }

  /** Waits for Ctrl-C or SIGTERM. */
  public void await() throws InterruptedException {
    asked.await();
  }

  public boolean asked() {
    return asked.getCount() == 0;
  }

  private void stop() {
    asked.countDown();
    closeAll();
  }

  @Override
  public void close() {
    closeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("already shutting down");
    }
  }

  private synchronized void closeAll() {
    closed = true;
    while (!open.isEmpty()) {
      close(open.pop());
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.atWarn().addKeyValue("part", part.getClass().getSimpleName()).setCause(e).log("close");
    }
  }
}
