package io.countermand.events.serde;

import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's serializer over the shared registry client, which {@link #close} leaves open. It
 * finds the schema's id, once for each topic and type; a profile showed it look that up for each
 * record. Safe for many threads.
 */
final class EventSerializer<T extends SpecificRecord> implements Serializer<T> {

  private static final int HEADER = 5;

  private final KafkaAvroSerializer delegate;
  private final Map<Kind, Known> known = new ConcurrentHashMap<>();

  EventSerializer(KafkaAvroSerializer delegate) {
    this.delegate = delegate;
  }

  private record Kind(String topic, Class<?> type) {}

  /** Zero and the schema's id, as Confluent's serializer wrote them; who writes the rest. */
  private record Known(byte[] header, DatumWriter<SpecificRecord> writer) {}

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T value) {
    if (value == null) {
      return null;
    }
    var kind = new Kind(topic, value.getClass());
    Known found = known.get(kind);
    if (found != null) {
      try {
        return write(found, value);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // of an array in memory
      } catch (RuntimeException e) {
        return confluents(topic, value); // says what is wrong with the value
      }
    }
    byte[] bytes = confluents(topic, value);
    known.put(
        kind,
        new Known(
            Arrays.copyOf(bytes, HEADER),
            new SpecificDatumWriter<>(
                value.getSchema(), SpecificData.getForClass(value.getClass()))));
    return bytes;
  }

  private static byte[] write(Known as, SpecificRecord value) throws IOException {
    var out = new ByteArrayOutputStream(512);
    out.write(as.header());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    as.writer().write(value, encoder);
    return out.toByteArray();
  }

  private byte[] confluents(String topic, T value) {
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
