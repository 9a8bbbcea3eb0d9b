package io.countermand.events.serde;

import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.countermand.events.serde.SchemaMemory.Written;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
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

  private final SchemaMemory memory;

  EventSerializer(KafkaAvroSerializer delegate, SchemaMemory memory) {
    this.delegate = delegate;
    this.memory = memory;
  }

  private record Kind(String topic, Class<?> type) {}

  /** Zero and the schema's id, as Confluent's serializer wrote them; who writes the rest. */
  private record Known(int version, byte[] header, DatumWriter<SpecificRecord> writer) {}

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T value) {
    if (value == null) {
      return null;
    }
    var kind = new Kind(topic, value.getClass());
    int version = memory.version();
    Known found = known.get(kind);
    if (found == null || found.version() != version) {
      found = remembered(kind, value, version);
    }
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
    byte[] header = Arrays.copyOf(bytes, HEADER);
    memory.writes(written(kind), ByteBuffer.wrap(header, 1, 4).getInt());
    known.put(kind, new Known(memory.version(), header, writer(value)));
    return bytes;
  }

  /** Null: the registry must be asked. */
  private @Nullable Known remembered(Kind kind, T value, int version) {
    OptionalInt id = memory.writtenAs(written(kind));
    if (id.isEmpty()) {
      return null;
    }
    byte[] header = ByteBuffer.allocate(HEADER).put((byte) 0).putInt(id.getAsInt()).array();
    Known found = new Known(version, header, writer(value));
    known.put(kind, found);
    return found;
  }

  @SuppressWarnings("unchecked")
  private static Written written(Kind kind) {
    var type = (Class<? extends SpecificRecord>) kind.type();
    return new Written(kind.topic(), EventSerdes.schemaOf(type).rawSchema());
  }

  private static DatumWriter<SpecificRecord> writer(SpecificRecord value) {
    return new SpecificDatumWriter<>(value.getSchema(), SpecificData.getForClass(value.getClass()));
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
            "Schema registry cannot tell the schema id for "
                + topic
                + ": "
                + RegistryErrors.trouble(e)
                + "; check its URL and that it runs",
            e);
      }
      throw e;
    }
  }
}
