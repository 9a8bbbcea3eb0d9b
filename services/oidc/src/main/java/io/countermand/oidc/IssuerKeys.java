package io.countermand.oidc;

import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An issuer's keys, kept. Asked for every ten minutes, so that one that was taken back counts no
 * longer; and at once for a key that is not known, but no more than once in ten seconds, however
 * many tokens name keys that nobody has. In between nobody can know whose an unknown key is. While
 * the issuer is away those before count, for a bounded time. Thread-safe.
 */
final class IssuerKeys implements AutoCloseable {

  static final Duration EVERY = Duration.ofMinutes(10);
  static final Duration LEAST = Duration.ofSeconds(10);

  /** Who needs a key waits so long for another who asks already. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  /** Where they come from. */
  interface Source {
    KeySet keys() throws IssuerException, InterruptedException;
  }

  /**
   * @param at nanoseconds, when it was asked
   * @param ask which time it was asked, from 1 on
   */
  private record Had(KeySet keys, long at, long ask) {}

  private final String issuer;
  private final Source source;
  private final Duration keep;
  private final Duration least;
  private final LongSupplier nanos;
  private final ReentrantLock asking = new ReentrantLock();
  private final AtomicLong asks = new AtomicLong();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("oidc-keys").factory());

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
    this(issuer, source, keep, LEAST, nanos);
  }

  /**
   * @param least no sooner after it asked it asks for a key that is not known
   */
  IssuerKeys(String issuer, Source source, Duration keep, Duration least, LongSupplier nanos) {
    this.least = least;
    this.issuer = issuer;
    this.source = source;
    this.keep = keep;
    this.nanos = nanos;
  }

  /** Asks now and then from now on, in the background. */
  void start() {
    var _ = timer.scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
  }

  /** What is thrown here would end the timer, and a key that was taken back would count on. */
  private void tick() {
    try {
      refreshWhenDue();
    } catch (Throwable e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("issuer", issuer)
          .log("asking for the OIDC issuer's keys failed, trying on");
    }
  }

  /** Why it could not be asked last; null: it could, or was not yet. */
  @Nullable String failure() {
    return failure;
  }

  /** Whether tokens can be checked: there are keys. */
  boolean usable() {
    KeySet keys = current();
    return keys != null && keys.size() > 0;
  }

  /**
   * Waits a second at the most for another who asks already.
   *
   * @param kid null: the token names none
   * @throws InvalidToken if the issuer has no such key, or several
   * @throws IssuerException if nobody can know now
   */
  PublicKey find(@Nullable String kid, Signing signing) throws InvalidToken, IssuerException {
    long before = asks.get();
    List<PublicKey> fitting = fitting(kid, signing);
    if (fitting.size() != 1) {
      refresh(least);
      fitting = fitting(kid, signing);
    }
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    if (fitting.size() > 1) {
      throw new InvalidToken(
          "several keys of the issuer fit; a token must name one by kid, and the issuer give each a"
              + " kid of its own");
    }
    String away = failure;
    if (away != null) {
      throw new IssuerException(away, null);
    }
    Had last = had;
    if (last == null || last.ask() <= before) { // it may be newer than what was answered last
      throw new IssuerException(
          "its key (kid) is not known, and "
              + issuer
              + " is being asked, or was less than "
              + least.toSeconds()
              + " s ago",
          null);
    }
    if (!usable()) {
      throw new IssuerException(issuer + " shows no key that tokens can be checked with", null);
    }
    throw new InvalidToken("its key (kid) is none that the issuer shows for its alg");
  }

  private List<PublicKey> fitting(@Nullable String kid, Signing signing) {
    KeySet keys = current();
    return keys == null ? List.of() : keys.fitting(kid, signing);
  }

  /** Null: none were had, or they are too old. */
  private @Nullable KeySet current() {
    Had last = had;
    return last == null || nanos.getAsLong() - last.at() > keep.toNanos() ? null : last.keys();
  }

  void refreshWhenDue() {
    refresh(failure == null && usable() ? EVERY : least);
  }

  /** Returns when it has asked, unless it has within that time, or another asks and takes long. */
  private void refresh(Duration sooner) {
    if (!begin()) {
      return;
    }
    try {
      long now = nanos.getAsLong();
      Long last = asked;
      if (last != null && now - last < sooner.toNanos()) {
        return;
      }
      long ask = asks.incrementAndGet();
      try {
        KeySet keys = source.keys();
        had = new Had(keys, now, ask);
        failure = null;
        tell();
      } catch (IssuerException | RuntimeException e) { // whatever an issuer makes of it, we go on
        failure = e instanceof IssuerException ? e.getMessage() : e.toString();
        tell();
      } catch (InterruptedException e) {
        failure = "this program ends";
        Thread.currentThread().interrupt();
      } catch (Error e) {
        failure = e.toString();
        throw e;
      } finally {
        asked = nanos.getAsLong(); // who waited here does not ask again
      }
    } finally {
      asking.unlock();
    }
  }

  /** A silent issuer must not hold everybody. */
  private boolean begin() {
    try {
      return asking.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Once each, not at each try. */
  private void tell() {
    String away = failure;
    Had last = had;
    int count = last == null ? 0 : last.keys().size();
    String news = away == null ? "had " + count : usable() + ": " + away;
    if (news.equals(told)) {
      return;
    }
    told = news;
    if (away == null && count == 0) {
      LOG.atWarn()
          .addKeyValue("issuer", issuer)
          .addKeyValue("keys", count)
          .log(
              "the OIDC issuer shows no key that can be used here (RSA of 2048 bits or more, P-256,"
                  + " Ed25519): no token of it can be checked until it does");
    } else if (away == null) {
      LOG.atInfo()
          .addKeyValue("issuer", issuer)
          .addKeyValue("keys", count)
          .log("keys of the OIDC issuer are here");
    } else if (usable()) {
      LOG.atWarn()
          .addKeyValue("issuer", issuer)
          .addKeyValue("error", away)
          .addKeyValue("hours", keep.toHours())
          .log("the OIDC issuer's keys cannot be had, those before hold for so many hours in all");
    } else {
      LOG.atError()
          .addKeyValue("issuer", issuer)
          .addKeyValue("error", away)
          .log(
              "the OIDC issuer's keys cannot be had: no token of it can be checked until they are here");
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
