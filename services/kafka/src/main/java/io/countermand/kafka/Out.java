package io.countermand.kafka;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way out of a Streams app.
 *
 * @param topic where it goes
 * @param value null: a tombstone
 */
public record Out(String topic, @Nullable SpecificRecord value) {

  public static Out tombstone(String topic) {
    return new Out(topic, null);
  }
}
