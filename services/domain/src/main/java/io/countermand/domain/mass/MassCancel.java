package io.countermand.domain.mass;

import io.countermand.domain.order.Facts;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * "Cancel all orders of this scope." Or, if it stays on (a kill switch): "and all that open later",
 * until another that releases it.
 *
 * @param massId the asker's idempotency key
 * @param by who asks
 * @param deadline no call to a venue starts at or after it; null only before {@link MassCheck}
 * @param dryRun only count
 * @param includingPositionClose also at venues whose cancel closes the position
 * @param keep it stays on
 * @param releases the kill switch that this takes off, and then it cancels nothing; null: none
 */
public record MassCancel(
    String massId,
    MassScope scope,
    String by,
    String reason,
    @Nullable Instant deadline,
    boolean dryRun,
    boolean includingPositionClose,
    Instant createdAt,
    boolean keep,
    @Nullable String releases) {

  /** Of what is open now. */
  public MassCancel(
      String massId,
      MassScope scope,
      String by,
      String reason,
      @Nullable Instant deadline,
      boolean dryRun,
      boolean includingPositionClose,
      Instant createdAt) {
    this(
        massId,
        scope,
        by,
        reason,
        deadline,
        dryRun,
        includingPositionClose,
        createdAt,
        false,
        null);
  }

  /** Takes a kill switch off. */
  public static MassCancel release(
      String itsOwnId, String killSwitch, String by, String reason, Instant createdAt) {
    MassScope none = MassScope.of(null, null);
    return new MassCancel(
        itsOwnId, none, by, reason, null, false, false, createdAt, false, killSwitch);
  }

  /**
   * A release, for the desks: one of an earlier version, which takes it for a mass cancel without a
   * scope, only counts.
   */
  public MassCancel harmless() {
    return new MassCancel(
        massId,
        scope,
        by,
        reason,
        deadline,
        true,
        includingPositionClose,
        createdAt,
        keep,
        releases);
  }

  /** Whether it is the same one, asked for again under its id; the deadline counts anew. */
  public boolean asksTheSame(MassCancel again) {
    MassCancel one = cut();
    MassCancel other = again.cut();
    return one.scope.equals(other.scope)
        && one.by.equals(other.by)
        && one.reason.equals(other.reason)
        && dryRun == again.dryRun
        && keep == again.keep
        && includingPositionClose == again.includingPositionClose
        && Objects.equals(one.releases, other.releases);
  }

  /** With texts of a length that can be written; those that are allowed stay as they are. */
  MassCancel cut() {
    return new MassCancel(
        massId,
        scope.cut(),
        Facts.cut(by),
        Facts.cut(reason),
        deadline,
        dryRun,
        includingPositionClose,
        createdAt,
        keep,
        Facts.cutNullable(releases));
  }

  /** The same, to be called for no later than this. */
  public MassCancel until(Instant inForce) {
    return new MassCancel(
        massId,
        scope,
        by,
        reason,
        inForce,
        dryRun,
        includingPositionClose,
        createdAt,
        keep,
        releases);
  }
}
