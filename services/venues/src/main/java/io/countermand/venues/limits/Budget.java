package io.countermand.venues.limits;

import io.github.bucket4j.BlockingStrategy;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** How many calls a credential may make. Thread-safe. */
public final class Budget {

  private final Rate rate;
  private final Clock clock;
  private final BlockingStrategy sleeper;
  private final Bucket bucket;
  private volatile long burst;

  /**
   * @param sleeper only sleeps; how long is decided here
   */
  Budget(Rate rate, Clock clock, BlockingStrategy sleeper) {
    this.rate = rate;
    this.clock = clock;
    this.sleeper = sleeper;
    this.burst = rate.burst();
    this.bucket =
        Bucket.builder()
            .addLimit(
                limit -> limit.capacity(rate.burst()).refillGreedy(rate.permits(), rate.period()))
            .withCustomTimePrecision(new ClockMeter(clock))
            .build();
  }

  public Budget(Rate rate, Clock clock) {
    this(rate, clock, BlockingStrategy.PARKING);
  }

  /** The whole rate, before {@link #setShare}. */
  public Rate rate() {
    return rate;
  }

  /** So many permits can gather, of this process' share. */
  public long burst() {
    return burst;
  }

  /** Takes a permit if there is one now. */
  public boolean tryAcquire() {
    return bucket.tryConsume(1);
  }

  /** A permit that was taken and of which no call was made. */
  public void giveBack() {
    bucket.addTokens(1);
  }

  /** Waits for a permit, first come first served; false, at once, if none will come by then. */
  public boolean acquire(Instant deadline) throws InterruptedException {
    Duration patience = Duration.between(clock.instant(), deadline);
    return patience.isPositive()
        ? bucket.asBlocking().tryConsume(1, patience, sleeper)
        : bucket.tryConsume(1);
  }

  /** Permits that are free now; negative: so many are promised to callers that wait. */
  public long available() {
    return bucket.getAvailableTokens();
  }

  /** How long until a permit is free, should nobody else take it; zero: now. */
  public Duration nextPermitIn() {
    return Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
  }

  /** Forgets the permits that have gathered: somebody else may just have used them. */
  public void startEmpty() {
    long _ = bucket.tryConsumeAsMuchAsPossible();
  }

  /**
   * This process' part from now on, of rate and burst; more of it brings no permits at once.
   *
   * @param part at least 1
   */
  public void setShare(int part, int of) {
    Rate share = rate.share(part, of);
    burst = share.burst();
    bucket.replaceConfiguration(
        BucketConfiguration.builder()
            .addLimit(
                limit ->
                    limit.capacity(share.burst()).refillGreedy(share.permits(), share.period()))
            .build(),
        TokensInheritanceStrategy.AS_IS);
  }

  private record ClockMeter(Clock clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      Instant now = clock.instant();
      return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }
}
