package io.countermand.venues;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One adapter's look at its credentials: every two seconds from its first call on, and at once when
 * the venue refuses one. Thread-safe.
 */
public final class CredentialWatch implements AutoCloseable {

  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Credentials credentials;
  private final Consumer<Credentials> before;
  private final Runnable after;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param before hears of others before any call may carry them
   * @param after runs once they are in force; must not block
   */
  public CredentialWatch(Credentials credentials, Consumer<Credentials> before, Runnable after) {
    this.credentials = credentials;
    this.before = before;
    this.after = after;
  }

  /** Begins, the first time; returns at once. */
  public void start() {
    CredentialSource source = credentials.source();
    if (source != null && started.compareAndSet(false, true)) {
      source.add(this);
      Thread.ofVirtual().name("credentials").start(() -> run(source));
    }
  }

  /** Those in force. */
  public Credentials now() {
    return credentials.now();
  }

  /** As {@link #now}, but read once more: after a refusal. */
  public Credentials lookAgain() {
    CredentialSource source = credentials.source();
    if (source != null) {
      start();
      source.look();
    }
    return now();
  }

  void before(Credentials found) {
    before.accept(found);
  }

  void after() {
    after.run();
  }

  private void run(CredentialSource source) {
    try {
      while (!closed.await(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
        source.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    CredentialSource source = credentials.source();
    if (source != null) {
      source.remove(this);
    }
  }
}
