/**
 * Mass cancels through simulated crashes, backlogs and races: the real rules for scope, freeze, ids
 * and sums over several partitions. Single cancels' lives are simulated next door.
 */
@NullMarked
package io.countermand.simulation.mass;

import org.jspecify.annotations.NullMarked;
