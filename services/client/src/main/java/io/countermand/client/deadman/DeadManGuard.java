// Over 300 lines: what is sent, what is heard of it and how it ends share one order of locks.
package io.countermand.client.deadman;

import io.countermand.client.ClientException;
import io.countermand.client.HeartbeatPublisher;
import io.countermand.events.MassScope;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An armed dead-man's switch, which beats by itself: if no heartbeat is written for the time-out,
 * all open orders of its scope are cancelled.
 *
 * <pre>{@code
 * try (HeartbeatPublisher heartbeats = HeartbeatPublisher.connect(connection)) {
 *   DeadManGuard guard =
 *       DeadManGuard.of(heartbeats, "alpha-7", MassScope.newBuilder().setAlgorithm("alpha-7").build())
 *           .timeout(Duration.ofSeconds(5)).by("alpha-7").whileHealthy(loop::turns).arm();
 *   int code = guard.run(() -> trade()); // off when it returns; silence fires when it throws
 * }
 * }</pre>
 *
 * <p>A switch's name is one program's: two that beat under one name keep each other's switch quiet.
 * A process that ends without {@link #close} is silent, and so is one that is killed.
 *
 * <p>Thread-safe. Its thread is a daemon. Sends are in order: no heartbeat follows the word that
 * takes it off.
 */
public final class DeadManGuard implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeadManGuard.class);

  /** Longer than a record waits in the producer, and for its buffer. */
  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(45);

  private final DeadManDraft asked;
  private final Object sending = new Object();
  private final Object telling = new Object();
  private @Nullable ScheduledExecutorService beats;
  private volatile @Nullable GuardState ended;
  private volatile boolean healthy = true;

  /** When the last one that was acknowledged was sent; before the first: when it was made. */
  private long acknowledged = System.nanoTime();

  /** The same by the wall clock, which goes on while a machine is suspended. */
  private Instant acknowledgedAt = Instant.now();

  private @Nullable Instant written;
  private @Nullable Throwable problem;
  private @Nullable GuardState told;

  DeadManGuard(DeadManDraft asked) {
    this.asked = asked;
  }

  /**
   * A switch to be armed.
   *
   * @param heartbeats must stay open as long as the guard
   * @param switchId its name, 1 to 64 bytes in UTF-8
   * @param scope what is given must all hold; everything is {@code all}, which must be said
   */
  public static DeadManDraft of(HeartbeatPublisher heartbeats, String switchId, MassScope scope) {
    return new DeadManDraft(heartbeats, switchId, scope);
  }

  /**
   * @param period null: by hand
   */
  void arm(@Nullable Duration period) {
    try {
      var _ = await(beat(), false);
    } catch (ClientException e) {
      leave();
      throw e;
    }
    if (period != null) {
      beats =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform()
                  .daemon()
                  .name("countermand-heartbeats-" + asked.switchId)
                  .factory());
      long nanos = period.toNanos();
      var _ = beats.scheduleWithFixedDelay(this::turn, nanos, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void turn() {
    try {
      healthy = asked.healthy.getAsBoolean();
      if (healthy) {
        var _ = beat();
      }
    } catch (Throwable e) { // mostly the caller's own; what left here would end the beats for good
      healthy = false;
      failed(e);
    }
    tell();
  }

  /**
   * Sends a heartbeat now, whatever the health check would say. Returns at once, as {@link
   * HeartbeatPublisher#send} does.
   *
   * @return when it was appended, by the brokers' clock; exceptionally, with {@link
   *     ClientException}, if it is not known to be written, and with {@link IllegalStateException}
   *     once the guard has ended
   */
  public CompletableFuture<Instant> beat() {
    long now = System.nanoTime();
    Instant wall = Instant.now();
    CompletableFuture<Instant> sent;
    synchronized (sending) {
      if (ended != null) {
        return CompletableFuture.failedFuture(
            new IllegalStateException(name() + " has ended: " + ended));
      }
      sent = asked.heartbeats.send(asked.word(asked.timeout));
    }
    return sent.whenComplete(
        (at, failure) -> {
          if (failure == null) {
            heard(now, wall, at);
          } else {
            failed(failure);
          }
          tell();
        });
  }

  private synchronized void heard(long sent, Instant sentAt, Instant at) {
    if (written == null || sent - acknowledged > 0) {
      acknowledged = sent;
      acknowledgedAt = sentAt;
      written = at;
      problem = null;
    }
  }

  private synchronized void failed(Throwable failure) {
    problem = failure;
  }

  /** Where it stands now. */
  public GuardState state() {
    GuardState last = ended;
    if (last != null) {
      return last;
    }
    if (silence().multipliedBy(2).compareTo(asked.timeout) >= 0) {
      return GuardState.SILENT;
    }
    return healthy ? GuardState.BEATING : GuardState.UNHEALTHY;
  }

  /** When the last heartbeat that is known to be written was appended, by the brokers' clock. */
  public synchronized Instant lastWritten() {
    if (written == null) {
      throw new IllegalStateException("it was never armed"); // nobody has got such a guard
    }
    return written;
  }

  /**
   * How long ago that was sent, by this machine's clock. Longer than the time-out: the switch may
   * have fired, so stop placing orders.
   */
  public synchronized Duration silence() {
    Duration running = Duration.ofNanos(System.nanoTime() - acknowledged);
    Duration wall = Duration.between(acknowledgedAt, Instant.now());
    return wall.compareTo(running) > 0 ? wall : running;
  }

  /**
   * Why a heartbeat was not sent or written since the last that was; null: nothing is known that is
   * wrong. A heartbeat waits up to 30 s for the brokers before it has failed: look at {@link
   * #silence}, too.
   */
  public synchronized @Nullable Throwable problem() {
    return problem;
  }

  /** Not while {@link #sending} is held: who hears may want it. */
  private void tell() {
    synchronized (telling) { // one after the other, so that the last one told is the last one
      GuardState now = state();
      if (now == told) {
        return;
      }
      told = now;
      try {
        asked.hears.accept(now);
      } catch (Throwable e) { // the caller's own
        LOG.atError().setCause(e).log("who heard a dead-man's switch's state failed");
      }
    }
  }

  /**
   * Runs the work, then takes the switch off. If the work throws, the switch is left armed, and
   * silence fires it: {@link #close} alone, in a try-with-resources, would take it off.
   *
   * @return what the work returned
   * @throws Exception what the work threw
   * @throws ClientException if the work is done, and the switch is not known to be off
   */
  public <T> T run(Callable<T> work) throws Exception {
    T result;
    try {
      result = work.call();
    } catch (Throwable e) {
      leave();
      throw e;
    }
    close();
    return result;
  }

  /**
   * Ends without taking it off: no heartbeat follows, and silence fires it, once the time-out is
   * over since the last one. Does nothing if the guard has ended.
   */
  public void leave() {
    end(GuardState.LEFT);
  }

  private boolean end(GuardState as) {
    synchronized (sending) {
      if (ended != null) {
        return false;
      }
      ended = as;
    }
    if (beats != null) {
      beats.shutdown();
    }
    tell();
    return true;
  }

  /**
   * Takes it off, and waits until that is written, for 45 s at the most; what is open stays open.
   * Does nothing if the guard was left armed. If it fails, no heartbeat follows all the same, and
   * it may be called again. Where an interrupt stands, it waits all the same: a program that ends
   * in order is not to be fired on.
   *
   * <p>A try-with-resources calls this when its body throws, too: see {@link #run}.
   *
   * @throws ClientException if it is not known to be off: it may fire
   */
  @Override
  public void close() {
    if (!end(GuardState.OFF_NOT_KNOWN) && ended != GuardState.OFF_NOT_KNOWN) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      var _ = await(asked.heartbeats.send(asked.word(Duration.ZERO)), true);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    ended = GuardState.OFF;
    tell();
  }

  /**
   * @param toTheEnd whether an interrupt has to wait, too
   */
  private Instant await(CompletableFuture<Instant> sent, boolean toTheEnd) {
    long end = System.nanoTime() + WRITTEN_WITHIN.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return sent.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
          if (!toTheEnd) {
            throw ClientException.of(unknown(), e);
          }
        }
      }
    } catch (ExecutionException e) {
      throw ClientException.of(unknown(), e);
    } catch (TimeoutException e) {
      throw ClientException.of(
          unknown(), new org.apache.kafka.common.errors.TimeoutException("no answer", e));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private String unknown() {
    return name()
        + (ended == null
            ? ": not known whether it is armed"
            : ": NOT KNOWN whether it is off, so it may fire");
  }

  private String name() {
    return "dead-man's switch " + asked.switchId;
  }
}
