package io.countermand.simulator.request;

/**
 * A request that goes no further.
 *
 * @param why "unauthorized", "limited", ...: for the journal
 */
public record NotAdmitted(String why, HttpAnswer answer) {}
