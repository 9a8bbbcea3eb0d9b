package io.countermand.domain.mass;

import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/**
 * An armed dead-man's switch. All times are append times of its partition.
 *
 * @param word the last heartbeat
 * @param at where that stands
 * @param heard when it was appended
 * @param since from when silence is counted: {@code heard}, or the first tick after a gap
 * @param warned whether half of the time-out was told
 */
public record DeadManSwitch(
    Heartbeat word, Evidence at, Instant heard, Instant since, boolean warned) {

  /** A tick is late by so much where nothing is wrong: a commit, a full disk, a busy machine. */
  private static final Duration LEAST_BOUND = Duration.ofMillis(500);

  private static final int HASH_BYTES = 16;

  /** As a heartbeat leaves it. */
  static DeadManSwitch armed(Heartbeat word, Evidence at, Instant appended) {
    return new DeadManSwitch(word, at, appended, appended, false);
  }

  /**
   * Longer without a tick is a gap. A quarter of the time-out, so three quarters are left to a
   * producer whose word was lost in what is not a gap.
   */
  public Duration bound() {
    Duration quarter = word.timeout().dividedBy(4);
    return quarter.compareTo(LEAST_BOUND) < 0 ? LEAST_BOUND : quarter;
  }

  /** The first tick from then on fires it. */
  public Instant due() {
    return since.plus(word.timeout());
  }

  /** The first tick from then on warns. */
  public Instant warnsAt() {
    return since.plus(word.timeout().dividedBy(2));
  }

  /** What a tick looks for next. */
  public Instant next() {
    return warned ? due() : warnsAt();
  }

  DeadManSwitch anew(Instant tick) {
    return new DeadManSwitch(word, at, heard, tick, false);
  }

  DeadManSwitch withWarning() {
    return new DeadManSwitch(word, at, heard, since, true);
  }

  /**
   * The massId of what it fires. It follows from the last heartbeat alone, so a replay, or a ledger
   * that lost its state, asks for the same mass cancel.
   */
  public String massId() {
    String what =
        word.switchId() + '\0' + at.partition() + '\0' + at.offset() + '\0' + heard.toEpochMilli();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
      return "deadman-"
          + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HASH_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /**
   * What it fires: nothing in it but its deadline and time depends on which tick fired it.
   *
   * @param tick when the tick was appended that fires it; a call that starts five minutes later
   *     would be about another market
   */
  public MassCancel fires(Instant tick) {
    String why =
        "no heartbeat for "
            + seconds(word.timeout())
            + " since "
            + heard
            + " ("
            + place()
            + ", by "
            + word.by()
            + ")"
            + (word.reason().isBlank() ? "" : ": " + word.reason());
    return new MassCancel(
        massId(),
        word.scope(),
        "dead-man's switch " + word.switchId(),
        Facts.cut(why),
        tick.plus(MassCheck.DEFAULT_DEADLINE),
        false,
        word.includingPositionClose(),
        tick);
  }

  /** How long it was silent, as far as that is known. */
  public Duration silence(Instant tick) {
    Duration silence = Duration.between(heard, tick);
    return silence.isNegative() ? Duration.ZERO : silence;
  }

  /** For people, at that time. */
  public String words(Instant tick) {
    return "dead-man's switch "
        + word.switchId()
        + " ("
        + word.scope().words()
        + "): last heartbeat "
        + seconds(silence(tick))
        + " ago, at "
        + place()
        + "; time-out "
        + seconds(word.timeout())
        + (since.equals(heard)
            ? ""
            : ", counted from " + since + ", since nobody watched for a while before");
  }

  private String place() {
    return at.topic() + '-' + at.partition() + '@' + at.offset();
  }

  private static String seconds(Duration time) {
    long millis = time.toMillis();
    return millis % 1000 == 0
        ? millis / 1000 + " s"
        : "%d.%03d s".formatted(millis / 1000, millis % 1000);
  }
}
