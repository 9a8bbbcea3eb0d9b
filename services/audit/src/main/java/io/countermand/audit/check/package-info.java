/**
 * The checks themselves: decisions, calls, replies and outcomes of each order are derived again
 * with the rules of {@code domain}, and compared with the records. What does not agree is a {@link
 * Difference}. Mass cancels are checked in {@code audit.mass}.
 */
@NullMarked
package io.countermand.audit.check;

import org.jspecify.annotations.NullMarked;
