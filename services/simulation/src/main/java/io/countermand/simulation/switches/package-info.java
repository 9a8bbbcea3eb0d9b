/**
 * Kill switches through simulated crashes, lost state, lost commands and backlogs: the real rules
 * for what a task knows, which orders get a cancel, and what is frozen, over several partitions.
 */
@NullMarked
package io.countermand.simulation.switches;

import org.jspecify.annotations.NullMarked;
