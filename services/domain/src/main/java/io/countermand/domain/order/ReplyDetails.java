package io.countermand.domain.order;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a venue's answer says besides its meaning.
 *
 * @param code the venue's code: HTTP status, errno or failure reason; null with an ambiguous reply:
 *     no answer came
 * @param message the venue's words, at most 500 characters, without secrets
 * @param ordStatus the order's state, where the answer tells it
 * @param rawStatus the venue's own word for that state
 * @param executedQty executed quantity (FIX CumQty), where the answer tells it
 * @param venueTime the venue's time of that state
 */
public record ReplyDetails(
    @Nullable String code,
    @Nullable String message,
    @Nullable OrdStatus ordStatus,
    @Nullable String rawStatus,
    @Nullable BigDecimal executedQty,
    @Nullable Instant venueTime) {

  public static final ReplyDetails NOTHING = new ReplyDetails(null, null, null, null, null, null);

  public static ReplyDetails of(@Nullable String code, @Nullable String message) {
    return new ReplyDetails(code, message, null, null, null, null);
  }

  public ReplyDetails withStatus(@Nullable OrdStatus status, @Nullable String raw) {
    return new ReplyDetails(code, message, status, raw, executedQty, venueTime);
  }
}
