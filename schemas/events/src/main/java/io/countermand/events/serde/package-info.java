/**
 * Events to bytes and back, in Confluent's wire format, with the schema registry asked as seldom as
 * can be. A record that cannot be read and a registry that cannot be asked are told apart here: the
 * first is dead-lettered, the second waited for. Every topic between producer, desk, ledger and
 * reader passes through.
 */
package io.countermand.events.serde;
