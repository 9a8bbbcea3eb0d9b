/**
 * Leases: how a desk calls a venue without waiting for a marker, and how the ledger still knows
 * what may have been called. Pure.
 */
@org.jspecify.annotations.NullMarked
package io.countermand.domain.lease;
