package io.countermand.simulator;

/**
 * A request that goes no further.
 *
 * @param why "unauthorized", "limited", ...: for the journal
 */
record Refusal(String why, Answer answer) {}
