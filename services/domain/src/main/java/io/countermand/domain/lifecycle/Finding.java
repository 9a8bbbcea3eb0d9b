package io.countermand.domain.lifecycle;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrdStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was learned of a cancel after its outcome, which stays; fields as in the schema's
 * OutcomeFinding.
 *
 * @param result what the outcome said
 * @param reason why it said so
 * @param decidedAt when it was decided
 * @param ordStatus the order as known now; null: nothing known
 * @param cumQty executed as known now; null: not known
 * @param disputed whether events contradict each other on the order's state
 * @param evidence the record that showed it, then the one that set the order's state, if another
 * @param foundAt no earlier than anything known of the order before
 */
public record Finding(
    Cancel cancel,
    CancelResult result,
    Reason reason,
    Instant decidedAt,
    FindingKind kind,
    @Nullable OrdStatus ordStatus,
    @Nullable BigDecimal cumQty,
    boolean disputed,
    String text,
    List<Evidence> evidence,
    Instant foundAt) {}
