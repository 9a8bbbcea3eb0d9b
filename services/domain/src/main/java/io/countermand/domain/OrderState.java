package io.countermand.domain;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the table knows of an order.
 *
 * @param venueTime venue time of the newest event folded
 * @param sequence venue sequence of the newest event folded
 * @param observedAt when the newest event was observed
 * @param evidence the record that set this state
 */
public record OrderState(
    OrdStatus ordStatus,
    @Nullable String rawStatus,
    @Nullable BigDecimal orderQty,
    @Nullable BigDecimal cumQty,
    @Nullable Instant venueTime,
    @Nullable Long sequence,
    Instant observedAt,
    @Nullable Evidence evidence) {

  public boolean terminal() {
    return ordStatus.terminal();
  }
}
