package io.countermand.simulator.book;

import org.jspecify.annotations.Nullable;

/**
 * What became of a cancel in the book.
 *
 * @param order as it is after the cancel; null if there is no such order
 */
public record Cancellation(Effect effect, @Nullable Order order) {}
