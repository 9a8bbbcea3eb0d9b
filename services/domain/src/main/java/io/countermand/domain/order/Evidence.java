package io.countermand.domain.order;

/** Where a record stands in Kafka. */
public record Evidence(String topic, int partition, long offset) {}
