package io.countermand.desk.lane;

import io.countermand.venues.Probe;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one venue's login and connection made before the first cancel needs them, and keeps the
 * connection while nobody cancels: by the adapter's probe, which touches no order, on a virtual
 * thread of its own. A probe takes a permit and a token as any call does, and never the last one; a
 * venue whose rate has none to spare is left to its first cancel. Thread-safe.
 */
public final class WarmVenue implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WarmVenue.class);

  /** A venue that cannot be reached holds up readiness no longer. */
  static final Duration WITHIN = Duration.ofSeconds(5);

  /** Tokens come, and venues come back: looked at again so often while it is not warm. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final VenueLane lane;
  private final Duration within;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final long began = System.nanoTime();
  private volatile @Nullable String missing = "not logged in and connected yet";
  private volatile boolean warm;

  WarmVenue(VenueLane lane) {
    this(lane, WITHIN);
  }

  /**
   * @param within how long readiness waits for it
   */
  WarmVenue(VenueLane lane, Duration within) {
    this.lane = lane;
    this.within = within;
  }

  String name() {
    return lane.venue().name();
  }

  void start() {
    Thread.ofVirtual().name("warm-" + lane.venue().name()).start(this::run);
  }

  /** What readiness still waits for; null: nothing, be the venue warm or given up. */
  @Nullable String missing() {
    String lacks = missing;
    return lacks == null || over() || paused() ? null : "venue " + name() + ": " + lacks;
  }

  /** Whether its last probe was answered with the credential taken, so far as a probe can tell. */
  boolean warm() {
    return warm;
  }

  /** By what it said itself, or an operator: nothing to wait for now. */
  private boolean paused() {
    return lane.venue().governor().paused().isPresent();
  }

  private boolean over() {
    return System.nanoTime() - began > within.toNanos();
  }

  private void run() {
    try {
      boolean told = false;
      do {
        if (!warm || due()) {
          look();
        }
        if (!warm && over() && !told) {
          told = true;
          LOG.atWarn()
              .addKeyValue("venue", lane.venue().name())
              .addKeyValue("missing", missing)
              .log("venue is not warm; its first cancel logs in and connects");
        }
      } while (!closed.await(pause().toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean due() {
    return lane.idle().compareTo(lane.venue().keepConnection()) >= 0;
  }

  /** Until a probe may be due; what has been given up is asked no more often than what is kept. */
  private Duration pause() {
    Duration keep = lane.venue().keepConnection();
    if (!warm) {
      return over() ? keep : LOOK_AGAIN;
    }
    Duration left = keep.minus(lane.idle());
    return left.compareTo(LOOK_AGAIN) < 0 ? LOOK_AGAIN : left;
  }

  private void look() {
    String refuses = lane.unspared();
    if (refuses != null) {
      missing = refuses;
      return;
    }
    try {
      Probe probe = lane.venue().adapter().probe(lane.venue().rules().callTimeout());
      // Not ok(): a venue that asks to wait has its connection, unless that was refused.
      warm = probe.serves() && probe.connected() && probe.credential() != Probe.Credential.REFUSED;
      missing = warm ? null : probe.detail();
    } catch (RuntimeException e) {
      warm = false;
      missing = "adapter failed: " + e.getClass().getSimpleName();
    } finally {
      lane.spared();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
