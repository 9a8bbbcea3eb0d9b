package io.countermand.door.oidc;

import java.security.PublicKey;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An issuer's keys, kept. Asked for every ten minutes, so that one that was taken back counts no
 * longer; and at once for a key that is not known, but no more than once in ten seconds, however
 * many tokens name keys that nobody has. While the issuer is away those before count, for a bounded
 * time. Thread-safe.
 */
final class IssuerKeys implements AutoCloseable {

  static final Duration EVERY = Duration.ofMinutes(10);
  static final Duration LEAST = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  /** Where they come from. */
  interface Source {
    KeySet keys() throws IssuerException, InterruptedException;
  }

  /**
   * @param at nanoseconds, when it was asked
   */
  private record Had(KeySet keys, long at) {}

  private final String issuer;
  private final Source source;
  private final Duration keep;
  private final LongSupplier nanos;
  private final ReentrantLock asking = new ReentrantLock();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("door-oidc-keys").factory());

  private volatile @Nullable Had had;
  private volatile @Nullable String failure;
  private @Nullable String told;
  private @Nullable Long asked;

  /**
   * Asks for nothing yet.
   *
   * @param keep how long they count after they were last had
   */
  IssuerKeys(String issuer, Source source, Duration keep, LongSupplier nanos) {
    this.issuer = issuer;
    this.source = source;
    this.keep = keep;
    this.nanos = nanos;
  }

  /** Asks now and then from now on, in the background. */
  void start() {
    var _ = timer.scheduleWithFixedDelay(this::refreshWhenDue, 0, 1, TimeUnit.SECONDS);
  }

  /** Whether tokens can be checked. */
  boolean usable() {
    return current() != null;
  }

  /**
   * @param kid null: the token names none
   * @throws InvalidToken if the issuer has no such key
   * @throws IssuerException if nobody can know now
   */
  PublicKey find(@Nullable String kid, Signing signing) throws InvalidToken, IssuerException {
    PublicKey known = known(kid, signing);
    if (known == null) {
      refresh(LEAST);
      known = known(kid, signing);
    }
    if (known != null) {
      return known;
    }
    String away = failure;
    if (away != null || !usable()) {
      throw new IssuerException(
          away == null ? "the keys of " + issuer + " are too old" : away, null);
    }
    throw new InvalidToken(
        "its key (kid) is none that the issuer shows; if it is a new one, try again in "
            + LEAST.toSeconds()
            + " s");
  }

  private @Nullable PublicKey known(@Nullable String kid, Signing signing) {
    KeySet keys = current();
    return keys == null ? null : keys.find(kid, signing);
  }

  /** Null: none were had, or they are too old. */
  private @Nullable KeySet current() {
    Had last = had;
    return last == null || nanos.getAsLong() - last.at() > keep.toNanos() ? null : last.keys();
  }

  void refreshWhenDue() {
    refresh(failure == null ? EVERY : LEAST);
  }

  /** Returns when it has asked, unless it has within that time. Waits for who asks now. */
  private void refresh(Duration least) {
    asking.lock();
    try {
      long now = nanos.getAsLong();
      Long last = asked;
      if (last != null && now - last < least.toNanos()) {
        return;
      }
      try {
        KeySet keys = source.keys();
        had = new Had(keys, now);
        failure = null;
        tell("had");
      } catch (IssuerException | RuntimeException e) { // whatever an issuer makes of it, we go on
        failure = e instanceof IssuerException ? e.getMessage() : e.toString();
        tell(usable() + ": " + failure);
      } catch (InterruptedException e) {
        failure = "the door closes";
        Thread.currentThread().interrupt();
      } finally {
        asked = nanos.getAsLong(); // who waited here does not ask again
      }
    } finally {
      asking.unlock();
    }
  }

  /** Once each, not at each try. */
  private void tell(String news) {
    if (news.equals(told)) {
      return;
    }
    told = news;
    if (failure == null) {
      Had last = had;
      LOG.atInfo()
          .addKeyValue("issuer", issuer)
          .addKeyValue("keys", last == null ? 0 : last.keys().size())
          .log("keys of the OIDC issuer are here");
    } else if (usable()) {
      LOG.atWarn()
          .addKeyValue("issuer", issuer)
          .addKeyValue("error", failure)
          .addKeyValue("hours", keep.toHours())
          .log("the OIDC issuer's keys cannot be had, those before hold for so many hours in all");
    } else {
      LOG.atError()
          .addKeyValue("issuer", issuer)
          .addKeyValue("error", failure)
          .log("the OIDC issuer's keys cannot be had: its tokens get 503 until they are here");
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
