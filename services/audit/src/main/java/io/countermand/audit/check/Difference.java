package io.countermand.audit.check;

import io.countermand.domain.order.Evidence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that does not hold.
 *
 * @param order key of the order; null: not of one order
 * @param cancelId null: not of one cancel
 * @param text in words, for people
 * @param evidence the records that show it
 */
public record Difference(
    DifferenceKind kind,
    @Nullable String order,
    @Nullable String cancelId,
    String text,
    List<Evidence> evidence) {}
