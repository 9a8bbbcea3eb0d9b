package io.countermand.client.deadman;

import io.countermand.client.ClientException;
import io.countermand.client.HeartbeatPublisher;
import io.countermand.events.Heartbeat;
import io.countermand.events.MassScope;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A dead-man's switch before it is armed. Not thread-safe; may be armed again. */
public final class DeadManDraft {

  private static final int A_FIFTH = 5;

  final HeartbeatPublisher heartbeats;
  final String switchId;
  private final MassScope scope;
  Duration timeout = Duration.ofSeconds(5);
  private @Nullable Duration every;
  private boolean byHand;
  private String by = "";
  private String reason = "";
  private boolean includingPositionClose;
  BooleanSupplier healthy = () -> true;
  Consumer<GuardState> hears = _ -> {};

  DeadManDraft(HeartbeatPublisher heartbeats, String switchId, MassScope scope) {
    this.heartbeats = heartbeats;
    this.switchId = switchId;
    this.scope = MassScope.newBuilder(scope).build();
  }

  private DeadManDraft(DeadManDraft same) {
    this(same.heartbeats, same.switchId, same.scope);
    timeout = same.timeout;
    by = same.by;
    reason = same.reason;
    includingPositionClose = same.includingPositionClose;
    healthy = same.healthy;
    hears = same.hears;
  }

  /** Silence of so long fires, in whole milliseconds, 1 s to 24 h; default 5 s. */
  public DeadManDraft timeout(Duration time) {
    timeout = time.truncatedTo(ChronoUnit.MILLIS);
    return this;
  }

  /** Whose heartbeat; must be given. */
  public DeadManDraft by(String name) {
    by = name;
    return this;
  }

  /** For who sees what was fired, in free words; default: none. */
  public DeadManDraft because(String words) {
    reason = words;
    return this;
  }

  /** Also at venues whose cancel closes the order's position. */
  public DeadManDraft includingPositionClose(boolean yes) {
    includingPositionClose = yes;
    return this;
  }

  /** How often it beats, half of the time-out at the most; default: a fifth of the time-out. */
  public DeadManDraft every(Duration time) {
    every = time;
    return this;
  }

  /**
   * Is asked before each heartbeat but the first: no heartbeat while it says false, throws, or does
   * not return, so that a program that hangs is not kept alive by a thread that does not. Have it
   * ask what trades (when did that loop turn last?), not what is always well. Called by the guard's
   * own thread. Default: always true.
   */
  public DeadManDraft whileHealthy(BooleanSupplier check) {
    healthy = check;
    return this;
  }

  /** No thread: it beats when {@link DeadManGuard#beat} is called, and only then. */
  public DeadManDraft byHand() {
    byHand = true;
    return this;
  }

  /**
   * Hears each change of state, by the guard's thread or Kafka's: it must not wait, so it must not
   * close or leave the guard, nor beat. While a health check hangs, or none beats by hand, nobody
   * calls it.
   */
  public DeadManDraft onChange(Consumer<GuardState> listener) {
    hears = listener;
    return this;
  }

  /**
   * Sends the first heartbeat and waits until it is written, for 45 s at the most. From then on
   * silence fires. That a ledger watches it does not tell.
   *
   * @throws ClientException {@link io.countermand.client.Problem#INVALID} if it makes no sense (id,
   *     scope, time-out, by, reason), and nothing was sent. Else it is not known to be armed: it
   *     may be, and then silence fires it
   * @throws IllegalArgumentException if {@link #every} is more than half of the time-out, or
   *     nothing; or the time-out is less than a millisecond
   */
  public DeadManGuard arm() {
    if (timeout.toMillis() <= 0) {
      throw new IllegalArgumentException(
          "the time-out is " + timeout + ", which would take the switch off: a second at least");
    }
    Duration period = period();
    if (!byHand && (!period.isPositive() || period.multipliedBy(2).compareTo(timeout) > 0)) {
      throw new IllegalArgumentException(
          "every: more than nothing, and half of the time-out at the most: " + period);
    }
    var guard = new DeadManGuard(new DeadManDraft(this));
    guard.arm(byHand ? null : period);
    return guard;
  }

  private Duration period() {
    Duration given = every;
    return given == null ? timeout.dividedBy(A_FIFTH) : given;
  }

  /**
   * @param silence zero: off
   */
  Heartbeat word(Duration silence) {
    return Heartbeat.newBuilder()
        .setSwitchId(switchId)
        .setScope(scope)
        .setTimeoutMillis(silence.toMillis())
        .setBy(by)
        .setReason(reason)
        .setIncludingPositionClose(includingPositionClose)
        .setCreatedAt(Instant.now().truncatedTo(ChronoUnit.MICROS))
        .build();
  }
}
