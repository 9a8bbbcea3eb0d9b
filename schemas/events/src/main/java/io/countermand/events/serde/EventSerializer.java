package io.countermand.events.serde;

import io.confluent.kafka.serializers.KafkaAvroSerializer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Confluent's serializer over the shared registry client, which {@link #close} leaves open. */
final class EventSerializer<T extends SpecificRecord> implements Serializer<T> {

  private final KafkaAvroSerializer delegate;

  EventSerializer(KafkaAvroSerializer delegate) {
    this.delegate = delegate;
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T value) {
    try {
      return delegate.serialize(topic, value);
    } catch (KafkaException e) {
      if (RegistryErrors.isTransient(e)) {
        throw new RegistryUnavailableException(
            "Schema registry cannot tell the schema id for " + topic + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }
}
