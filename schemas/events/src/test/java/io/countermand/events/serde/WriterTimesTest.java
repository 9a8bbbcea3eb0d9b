package io.countermand.events.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.events.AttemptReplied;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelProgress;
import io.countermand.events.OrderEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Case B3: the registry takes a schema whose times have another unit, and so do we. */
class WriterTimesTest {

  private static final Instant MILLIS = Instant.parse("2026-03-01T12:00:05.123Z");

  private final MockSchemaRegistryClient registry =
      new MockSchemaRegistryClient(List.of(new AvroSchemaProvider()));
  private final EventSerdes serdes = new EventSerdes(registry, Map.of());

  @ParameterizedTest
  @CsvSource({
    "timestamp-millis,       1",
    "local-timestamp-millis, 1",
    "timestamp-nanos,        1000000",
    "timestamp-micros,       1000",
  })
  void shouldHonourTheWritersUnit(String unit, long perMilli) throws Exception {
    // Given
    GenericRecord intent = record(CancelIntent.class, unit, Samples.intent("c-1"));
    intent.put("deadline", MILLIS.toEpochMilli() * perMilli);
    intent.put("createdAt", (MILLIS.toEpochMilli() - 5000) * perMilli);

    // When
    CancelIntent read = read(CancelIntent.class, intent);

    // Then
    assertThat(read.getDeadline()).isEqualTo(MILLIS);
    assertThat(read.getCreatedAt()).isEqualTo(MILLIS.minusSeconds(5));
    assertThat(read.getAttributes()).isEqualTo(Map.of("desk", "rates"));
    assertThat(read.getRequester().getAlgorithm()).isEqualTo("vwap");
    assertThat(read.getCancelId()).isEqualTo("c-1");
  }

  @Test
  void shouldHonourTheUnitOfOneFieldAmongOthers() throws Exception {
    // Given: venueTime in milliseconds, observedAt in microseconds
    String text =
        EventSerdes.schemaOf(OrderEvent.class)
            .canonicalString()
            .replaceFirst("timestamp-micros", "timestamp-millis");
    GenericRecord event = record(new Schema.Parser().parse(text), Samples.event());
    event.put("venueTime", MILLIS.toEpochMilli());

    // When
    OrderEvent read = read(OrderEvent.class, event);

    // Then
    assertThat(read.getVenueTime()).isEqualTo(MILLIS);
    assertThat(read.getObservedAt()).isEqualTo(Samples.NOW);
  }

  @Test
  void shouldHonourTheUnitInRecordsOfRecordsAndUnions() throws Exception {
    // Given
    CancelProgress progress = Samples.replied();
    GenericRecord written = record(CancelProgress.class, "timestamp-millis", progress);
    written.put("at", MILLIS.toEpochMilli());
    ((GenericRecord) written.get("what")).put("venueTime", MILLIS.toEpochMilli());
    ((GenericRecord) written.get("cancel")).put("deadline", MILLIS.toEpochMilli());

    // When
    CancelProgress read = read(CancelProgress.class, written);

    // Then
    assertThat(read.getAt()).isEqualTo(MILLIS);
    assertThat(((AttemptReplied) read.getWhat()).getVenueTime()).isEqualTo(MILLIS);
    assertThat(read.getCancel().getDeadline()).isEqualTo(MILLIS);
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775807", "-9223372036854775808"})
  void shouldSurviveANumberThatHasNoMicroseconds(long number) throws Exception {
    // Given
    GenericRecord intent = record(CancelIntent.class, "timestamp-millis", Samples.intent("c-1"));
    intent.put("deadline", number);

    // When
    CancelIntent read = read(CancelIntent.class, intent);

    // Then
    assertThat(read.getDeadline().isBefore(Instant.EPOCH)).isEqualTo(number < 0);
  }

  @Test
  void shouldNotLookTwiceAtWhatIsMicrosecondsAlready() {
    Schema ours = EventSerdes.schemaOf(CancelProgress.class).rawSchema();

    assertThat(WriterTimes.of(ours, ours).none()).isTrue();
  }

  private static GenericRecord record(
      Class<? extends SpecificRecord> type, String unit, SpecificRecord value) throws IOException {
    String text = EventSerdes.schemaOf(type).canonicalString().replace("timestamp-micros", unit);
    return record(new Schema.Parser().parse(text), value);
  }

  /** The same bytes under another schema; times are the same numbers, then. */
  private static GenericRecord record(Schema schema, SpecificRecord value) throws IOException {
    var out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new SpecificDatumWriter<SpecificRecord>(
            value.getSchema(), SpecificData.getForClass(value.getClass()))
        .write(value, encoder);
    encoder.flush();
    return new GenericDatumReader<GenericRecord>(schema, schema, new GenericData())
        .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
  }

  private <T extends SpecificRecord> T read(Class<T> type, GenericRecord record) throws Exception {
    int id = registry.register("any-value", new AvroSchema(record.getSchema()));
    var out = new ByteArrayOutputStream();
    out.write(0);
    out.write(ByteBuffer.allocate(4).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema(), new GenericData())
        .write(record, encoder);
    encoder.flush();
    var decoded = serdes.decoder(type).decode("any", out.toByteArray());
    assertThat(decoded).isInstanceOf(Decoded.Ok.class);
    return ((Decoded.Ok<T>) decoded).value();
  }
}
