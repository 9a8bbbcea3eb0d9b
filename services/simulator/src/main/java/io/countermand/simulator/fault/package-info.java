/**
 * What can go wrong with a request to a simulated venue, and the script of when it does: refused,
 * late, cut off, garbled, or carried out and never answered.
 */
package io.countermand.simulator.fault;
