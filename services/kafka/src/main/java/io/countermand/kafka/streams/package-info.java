/**
 * How a role runs on Kafka Streams: its settings and threads, sends that are durable before offsets
 * are committed, and what is measured of it.
 */
@NullMarked
package io.countermand.kafka.streams;

import org.jspecify.annotations.NullMarked;
