/**
 * The venues' side of the flow without a venue: their APIs over real sockets, an order book behind
 * them, and faults by a script. Desks call it as they would call the venue.
 */
package io.countermand.simulator;
