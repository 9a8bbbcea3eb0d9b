package io.countermand.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * An event and where it stands.
 *
 * @param time of the record in Kafka, in milliseconds
 * @param traceparent W3C Trace Context, the writer's span; null: the cancel belongs to no trace
 */
public record EventRecord<T extends SpecificRecord>(
    T value, String topic, int partition, long offset, Instant time, @Nullable String traceparent) {

  /** Of a record that the caller has read himself. */
  public static <T extends SpecificRecord> EventRecord<T> of(T value, ConsumerRecord<?, ?> record) {
    Header trace = record.headers().lastHeader("traceparent");
    return new EventRecord<>(
        value,
        record.topic(),
        record.partition(),
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        trace == null || trace.value() == null
            ? null
            : new String(trace.value(), StandardCharsets.US_ASCII));
  }
}
