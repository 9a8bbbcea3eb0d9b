package io.countermand.platform;

import io.countermand.platform.process.ChildProcess;
import org.jspecify.annotations.Nullable;

/**
 * A server of ours as a child process, which can be stopped, killed and started again on the same
 * port and data. Thread-safe.
 */
abstract sealed class LocalService implements AutoCloseable permits LocalKafka, LocalRegistry {

  /** Null: it was not started yet. */
  private volatile @Nullable ChildProcess child;

  /**
   * Starts it, and returns when it answers.
   *
   * @throws PlatformException with what to do; then no process is left
   */
  abstract ChildProcess launch();

  public final boolean isRunning() {
    ChildProcess now = child;
    return now != null && now.isAlive();
  }

  /** SIGKILL: as when the machine dies. */
  public final synchronized void kill() {
    if (child != null) {
      child.kill();
    }
  }

  /** Clean shutdown. */
  public final synchronized void stop() {
    if (child != null) {
      child.close();
    }
  }

  /** Starts it, or starts it again on the same port and data; does nothing while it runs. */
  public final synchronized void restart() {
    if (!isRunning()) {
      child = launch();
    }
  }

  @Override
  public final void close() {
    stop();
  }

  final long pid() {
    ChildProcess now = child;
    if (now == null) {
      throw new IllegalStateException("not started");
    }
    return now.pid();
  }
}
