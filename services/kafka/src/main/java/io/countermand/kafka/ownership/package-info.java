/**
 * Which desk may call which venue, as the log says it: leases, and hand-overs from one group to
 * another.
 */
@NullMarked
package io.countermand.kafka.ownership;

import org.jspecify.annotations.NullMarked;
