package io.countermand.events.serde;

import io.countermand.events.serde.Decoded.Ok;
import io.countermand.events.serde.Decoded.Poison;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** {@link EventDecoder} for those who have no use for the distinction; null stays null. */
final class EventDeserializer<T extends SpecificRecord> implements Deserializer<T> {

  private final EventDecoder<T> decoder;

  EventDeserializer(EventDecoder<T> decoder) {
    this.decoder = decoder;
  }

  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    return switch (decoder.decode(topic, value)) {
      case Ok<T>(T read) -> read;
      case Poison<T>(var kind, var text) -> throw new SerializationException(kind + ": " + text);
    };
  }
}
