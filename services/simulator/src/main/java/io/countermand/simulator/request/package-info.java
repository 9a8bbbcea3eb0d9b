/**
 * A request to a simulated venue and its answer, whatever transport brought it, and JSON as both
 * have it.
 */
package io.countermand.simulator.request;
