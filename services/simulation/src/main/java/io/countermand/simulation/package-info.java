/**
 * Whole histories of desks, ledger and venue by a virtual clock and a seed, with every fault that
 * the delivery guarantees allow; see DECISION.md.
 */
@NullMarked
package io.countermand.simulation;

import org.jspecify.annotations.NullMarked;
