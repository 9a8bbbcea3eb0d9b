/** What desk and ledger tell of traced cancels as they go along, for whoever makes spans of it. */
package io.countermand.kafka.trace;
