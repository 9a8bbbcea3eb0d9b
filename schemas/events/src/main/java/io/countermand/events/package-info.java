/**
 * The records on the topics, and the key of those about one order. Avro makes the records' classes
 * from {@code events.avdl}, here {@code CancelIntent}, with which a cancel begins, and {@code
 * CancelOutcome}, with which it ends. All modules that read or write a topic share them.
 */
package io.countermand.events;
