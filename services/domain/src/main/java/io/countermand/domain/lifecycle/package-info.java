/**
 * The life of one cancel as the ledger sees it, from its decision through attempts and timers to
 * its outcome, and what turns out afterwards. Pure.
 */
@NullMarked
package io.countermand.domain.lifecycle;

import org.jspecify.annotations.NullMarked;
