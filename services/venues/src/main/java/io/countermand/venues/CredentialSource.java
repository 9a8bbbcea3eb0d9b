package io.countermand.venues;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where credentials are read again while calls are made. What cannot be used keeps what was in
 * force, and is said once in the log, without what was read. Thread-safe.
 */
public final class CredentialSource {

  private static final Logger log = LoggerFactory.getLogger(CredentialSource.class);

  /** What is read must stay as it is for so long: files are not written in one moment. */
  private static final Duration SETTLED = Duration.ofMillis(50);

  /** What a look found. */
  public sealed interface Reading {
    record Found(Credentials credentials) implements Reading {}

    /**
     * @param why for people; holds nothing of what was read
     */
    record Unusable(String why) implements Reading {}
  }

  private final Supplier<Reading> reader;
  private final ReentrantLock looking = new ReentrantLock();
  private final List<CredentialWatch> watches = new CopyOnWriteArrayList<>();
  private volatile Credentials current;
  private volatile @Nullable String problem;

  CredentialSource(Credentials first, Supplier<Reading> reader) {
    this.current = first;
    this.reader = reader;
  }

  /** Those in force. */
  Credentials current() {
    return current;
  }

  /** Why the last look found nothing that could be used; null: it did. */
  public @Nullable String problem() {
    return problem;
  }

  void add(CredentialWatch watch) {
    watches.add(watch);
  }

  void remove(CredentialWatch watch) {
    watches.remove(watch);
  }

  /** Reads once more; others that are found are in force when this returns. Never throws. */
  void look() {
    looking.lock();
    try {
      Reading read = read();
      if (read instanceof Reading.Found(Credentials found) && !found.equals(current)) {
        Thread.sleep(SETTLED);
        if (!read.equals(read())) {
          return; // the next look finds it whole
        }
        watches.forEach(watch -> watch.before(found));
        current = found;
        problem = null;
        log.atInfo().addKeyValue("credentials", found.names()).log("other credentials in force");
        watches.forEach(CredentialWatch::after);
        return;
      }
      tell(read instanceof Reading.Unusable(String why) ? why : null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      looking.unlock();
    }
  }

  private Reading read() {
    try {
      return reader.get();
    } catch (RuntimeException e) {
      // The message may quote what was read.
      return new Reading.Unusable("cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void tell(@Nullable String why) {
    if (why != null && !why.equals(problem)) {
      log.atWarn()
          .addKeyValue("reason", why)
          .log("credentials cannot be read again; those that were read stay in force");
    }
    problem = why;
  }
}
