/**
 * What the simulated venues are told before they start: instances, accounts, credentials, limits,
 * latency, feeds, and the doubts to be played; and the venues' words for an order's status.
 */
package io.countermand.simulator.options;
