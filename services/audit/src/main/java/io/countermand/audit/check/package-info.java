/**
 * The checks themselves: decisions, calls, replies and outcomes of each order are derived again
 * with the rules of {@code domain}, and compared with the records. What does not agree is a {@link
 * Difference}. Mass cancels are checked in {@code audit.mass}.
 */
package io.countermand.audit.check;
