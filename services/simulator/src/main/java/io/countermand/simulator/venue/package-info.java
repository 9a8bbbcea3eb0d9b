/**
 * Each simulated venue's API: how it reads a request, admits it, carries it out and words its
 * answer, with its tokens, limits and order feed. The counterpart of the adapters in {@code
 * venues}.
 */
package io.countermand.simulator.venue;
