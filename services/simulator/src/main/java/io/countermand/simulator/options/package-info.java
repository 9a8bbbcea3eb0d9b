/**
 * What the simulated venues are told before they start: instances, accounts, credentials, limits,
 * latency, feeds, and the doubts to be played. Plain records.
 */
package io.countermand.simulator.options;
