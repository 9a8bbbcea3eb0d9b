package io.countermand.kafka.streams;

import io.countermand.events.serde.EventSerdes;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes the value of an {@link OutputRecord}; an Out without value becomes a tombstone. */
public final class OutSerializer implements Serializer<OutputRecord> {

  private final Serializer<SpecificRecord> values;

  public OutSerializer(EventSerdes serdes) {
    this.values = serdes.serializer(SpecificRecord.class);
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable OutputRecord out) {
    return out == null || out.value() == null ? null : values.serialize(topic, out.value());
  }
}
