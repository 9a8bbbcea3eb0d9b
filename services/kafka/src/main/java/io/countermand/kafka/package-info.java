/**
 * How the roles reach Kafka, what they look at before they start, and where the records of an order
 * must stand. The packages below have how they run, what they share while they run, and clients for
 * those who only read and publish.
 */
@NullMarked
package io.countermand.kafka;

import org.jspecify.annotations.NullMarked;
