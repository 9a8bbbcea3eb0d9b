package io.countermand.domain;

/** Where a record stands in Kafka. */
public record Evidence(String topic, int partition, long offset) {}
