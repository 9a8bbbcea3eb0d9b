/**
 * Dead-man's switches through simulated crashes, downtimes of broker and ledger, zombies and unread
 * heartbeats: the real fold over one partition of heartbeats and ticks.
 */
@NullMarked
package io.countermand.simulation.deadman;

import org.jspecify.annotations.NullMarked;
