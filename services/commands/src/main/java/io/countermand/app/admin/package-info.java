/**
 * Commands that look after a pipeline beside the flow of cancels: configuration, topics, schemas,
 * Kafka's rights, venues and their pauses, hand-overs between groups of desks, and lost offsets.
 */
package io.countermand.app.admin;
