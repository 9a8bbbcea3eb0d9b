package io.countermand.kafka.streams;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way out of a Streams app.
 *
 * @param topic where it goes
 * @param value null: none, or a tombstone
 * @param partition null: by its key
 */
public record OutputRecord(
    String topic, @Nullable SpecificRecord value, @Nullable Integer partition) {

  public OutputRecord(String topic, @Nullable SpecificRecord value) {
    this(topic, value, null);
  }

  public static OutputRecord tombstone(String topic) {
    return new OutputRecord(topic, null);
  }
}
