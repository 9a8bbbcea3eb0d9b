/**
 * What really happened at the simulated venues: each request, its answer, each change of an order.
 * Tests, chaos runs and drills hold outcomes against it.
 */
package io.countermand.simulator.journal;
