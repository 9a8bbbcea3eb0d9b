/**
 * The order book behind the simulated venues: orders, their changes, and what a cancel did to them.
 * Knows no API and no fault.
 */
package io.countermand.simulator.book;
