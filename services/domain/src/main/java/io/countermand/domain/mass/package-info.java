/**
 * Mass cancels, as pure rules: which orders a scope means, what is frozen, which cancel each order
 * gets, and the report whose parts sum to the scope. Desk, ledger, audit and simulation use them.
 */
@NullMarked
package io.countermand.domain.mass;

import org.jspecify.annotations.NullMarked;
