/**
 * How the roles reach Kafka, what they look at before they start, and where the records of an order
 * must stand. The packages below have how they run, what they share while they run, and clients for
 * those who only read and publish.
 */
package io.countermand.kafka;
