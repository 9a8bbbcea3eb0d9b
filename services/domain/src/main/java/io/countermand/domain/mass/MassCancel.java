package io.countermand.domain.mass;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * "Cancel all orders of this scope."
 *
 * @param massId the asker's idempotency key
 * @param by who asks
 * @param deadline no call to a venue starts at or after it; null only before {@link MassCheck}
 * @param dryRun only count
 * @param includingPositionClose also at venues whose cancel closes the position
 */
public record MassCancel(
    String massId,
    MassScope scope,
    String by,
    String reason,
    @Nullable Instant deadline,
    boolean dryRun,
    boolean includingPositionClose,
    Instant createdAt) {

  MassCancel until(Instant inForce) {
    return new MassCancel(
        massId, scope, by, reason, inForce, dryRun, includingPositionClose, createdAt);
  }
}
