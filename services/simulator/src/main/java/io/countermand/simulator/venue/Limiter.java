package io.countermand.simulator.venue;

import io.countermand.simulator.options.SimulatedLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Token buckets by credential, on the venues' clock; adapters with one credential share one. */
public final class Limiter {

  private final Map<String, Bucket> buckets = new HashMap<>();
  private final InstantSource clock;

  public Limiter(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes a token; null if there was one, else the time until there is. */
  synchronized @Nullable Duration take(String credential, SimulatedLimits limits) {
    if (limits.none() && limits.lockOut().isZero()) {
      return null;
    }
    var now = clock.instant();
    var bucket = buckets.computeIfAbsent(credential, any -> new Bucket(limits.burst(), now));
    if (now.isBefore(bucket.lockedUntil)) {
      return bucket.lock(limits, now);
    }
    bucket.refill(limits, now);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return null;
    }
    return limits.lockOut().isZero() ? bucket.untilToken(limits) : bucket.lock(limits, now);
  }

  synchronized void lockOut(String credential, SimulatedLimits limits) {
    var now = clock.instant();
    var bucket = buckets.computeIfAbsent(credential, any -> new Bucket(limits.burst(), now));
    bucket.lock(limits, now);
  }

  private static final class Bucket {
    private double tokens;
    private Instant at;
    private Instant lockedUntil = Instant.MIN;

    Bucket(double tokens, Instant at) {
      this.tokens = tokens;
      this.at = at;
    }

    void refill(SimulatedLimits limits, Instant now) {
      double gone =
          Math.max(0, (double) Duration.between(at, now).toNanos() / limits.per().toNanos());
      tokens = Math.min(limits.burst(), tokens + gone * limits.requests());
      at = now;
    }

    Duration untilToken(SimulatedLimits limits) {
      return Duration.ofNanos(
          (long) Math.ceil((1 - tokens) * limits.per().toNanos() / limits.requests()));
    }

    /** From now on, whether it was locked before or not. */
    Duration lock(SimulatedLimits limits, Instant now) {
      lockedUntil = now.plus(limits.lockOut());
      return limits.lockOut();
    }
  }
}
