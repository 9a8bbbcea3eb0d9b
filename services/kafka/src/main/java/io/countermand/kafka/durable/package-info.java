/** A role without transactions: what is durable, what may be written, when offsets follow. */
package io.countermand.kafka.durable;
