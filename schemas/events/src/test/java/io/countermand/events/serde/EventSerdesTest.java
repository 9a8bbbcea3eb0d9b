package io.countermand.events.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.countermand.events.CancelIntent;
import io.countermand.events.OrderEvent;
import io.countermand.events.serde.Decoded.Kind;
import io.countermand.events.serde.Decoded.Ok;
import io.countermand.events.serde.Decoded.Poison;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSerdesTest {

  private static final String TOPIC = "cancel-intents";

  private final FaultyRegistry registry = new FaultyRegistry();
  private final EventSerdes serdes = new EventSerdes(registry, Map.of());
  private final EventDecoder<CancelIntent> decoder = serdes.decoder(CancelIntent.class);

  @BeforeEach
  void register() throws Exception {
    registry.register(TOPIC + "-value", EventSerdes.schemaOf(CancelIntent.class));
    registry.register("order-events-value", EventSerdes.schemaOf(OrderEvent.class));
  }

  @Test
  void shouldReadBackWhatItWrote() {
    CancelIntent intent = Samples.intent("c-1");

    Decoded<CancelIntent> decoded = decoder.decode(TOPIC, bytes(intent));

    assertThat(decoded).isEqualTo(new Ok<>(intent));
  }

  @Test
  void shouldWriteWhatConfluentsOwnDeserializerReads() {
    byte[] bytes = bytes(Samples.intent("c-1"));
    try (var confluent = new KafkaAvroDeserializer(registry)) {
      confluent.configure(
          Map.of("schema.registry.url", "mock://x", "specific.avro.reader", true), false);

      Object read = confluent.deserialize(TOPIC, bytes);

      assertThat(read).isEqualTo(Samples.intent("c-1"));
    }
  }

  @Test
  void shouldKeepJavaOutOfTheRegisteredSchema() {
    assertThat(EventSerdes.schemaOf(CancelIntent.class).canonicalString())
        .contains("timestamp-micros", "The producer's idempotency key")
        .doesNotContain("avro.java");
  }

  @Test
  void shouldReadAnOlderWritersRecordWithDefaults() throws Exception {
    Schema old =
        SchemaBuilder.record("io.countermand.events.CancelIntent")
            .fields()
            .requiredString("cancelId")
            .requiredString("venue")
            .requiredString("account")
            .requiredString("orderId")
            .requiredLong("createdAt")
            .requiredString("fieldOfAnotherTime")
            .endRecord();
    GenericRecord record = new GenericData.Record(old);
    List.of("cancelId", "venue", "account", "orderId", "fieldOfAnotherTime")
        .forEach(f -> record.put(f, f));
    record.put("createdAt", 1L);

    Decoded<CancelIntent> decoded = decoder.decode(TOPIC, framed(registry.add(old), body(record)));

    assertThat(decoded).isInstanceOf(Ok.class);
    CancelIntent read = ((Ok<CancelIntent>) decoded).value();
    assertThat(read.getCancelId()).isEqualTo("cancelId");
    assertThat(read.getAttributes()).isEmpty();
    assertThat(read.getDeadline()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void shouldCallTooFewBytesNotAvro(int length) {
    assertThat(kind(new byte[length])).isEqualTo(Kind.NOT_AVRO);
  }

  @Test
  void shouldCallAnotherFirstByteNotAvro() {
    assertThat(kind("{\"cancelId\":\"c-1\"}".getBytes())).isEqualTo(Kind.NOT_AVRO);
  }

  @Test
  void shouldCallEveryCutOffBodyNotAvro() {
    byte[] whole = bytes(Samples.intent("c-1"));

    for (int length = 5; length < whole.length; length++) {
      assertThat(kind(Arrays.copyOf(whole, length)))
          .as("%s bytes", length)
          .isEqualTo(Kind.NOT_AVRO);
    }
  }

  @Test
  void shouldCallBytesLeftOverNotAvro() {
    byte[] whole = bytes(Samples.intent("c-1"));

    assertThat(kind(Arrays.copyOf(whole, whole.length + 1))).isEqualTo(Kind.NOT_AVRO);
  }

  @Test
  void shouldNotAllocateWhatABodyOnlyClaims() {
    // A string that claims 2^31 - 9 bytes.
    byte[] claim = {(byte) 0xee, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};

    assertThat(kind(framed(1, claim))).isEqualTo(Kind.NOT_AVRO);
  }

  @Test
  void shouldCallANullValuePoison() {
    assertThat(kind(null)).isEqualTo(Kind.NULL_VALUE);
  }

  @Test
  void shouldCallAnotherRecordWrongType() {
    byte[] event = serdes.serializer(OrderEvent.class).serialize("order-events", Samples.event());

    assertThat(kind(event)).isEqualTo(Kind.WRONG_TYPE);
  }

  @ParameterizedTest
  @ValueSource(ints = {4711, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void shouldCallAnUnknownIdUnknownSchema(int id) {
    assertThat(kind(framed(id, new byte[3]))).isEqualTo(Kind.UNKNOWN_SCHEMA);
  }

  @Test
  void shouldReadAnIdThatIsRegisteredAfterItWasUnknown() throws Exception {
    byte[] bytes = bytes(Samples.intent("c-1"));
    int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
    registry.fault = new RestClientException("Schema not found", 404, 40403);
    assertThat(kind(bytes)).isEqualTo(Kind.UNKNOWN_SCHEMA);

    registry.fault = null;

    assertThat(decoder.decode(TOPIC, bytes)).as("id %s", id).isInstanceOf(Ok.class);
  }

  @Test
  void shouldThrowWhenTheRegistryCannotTell() {
    byte[] bytes = bytes(Samples.intent("c-1"));
    for (Exception fault :
        List.of(
            new ConnectException("Connection refused"),
            new RestClientException("Boom", 500, 50001),
            new RestClientException("Unauthorized", 401, 40101),
            new RestClientException("Too many", 429, 42901),
            new RestClientException("a proxy's page, or a wrong path", 404, 50005))) {
      registry.fault = fault;

      assertThatThrownBy(() -> decoder.decode(TOPIC, bytes))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("cancel-intents")
          .hasCause(fault);
    }
  }

  @Test
  void shouldAskTheRegistryOncePerSchema() {
    byte[] bytes = bytes(Samples.intent("c-1"));
    decoder.decode(TOPIC, bytes);
    registry.fault = new ConnectException("down");

    assertThat(decoder.decode(TOPIC, bytes)).isInstanceOf(Ok.class);
  }

  @Test
  void shouldCallASchemaThatIsNotAvroUnknown() {
    registry.fault = new IOException("Invalid schema { } with refs [] of type JSON");

    assertThat(kind(framed(9, new byte[3]))).isEqualTo(Kind.UNKNOWN_SCHEMA);
  }

  @Test
  void shouldRefuseToWriteAnUnregisteredSchema() {
    assertThatThrownBy(
            () -> serdes.serializer(OrderEvent.class).serialize("elsewhere", Samples.event()))
        .isNotInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void shouldTellThatItCannotWriteWithoutRegistry() {
    registry.fault = new ConnectException("down");

    assertThatThrownBy(() -> bytes(Samples.intent("c-1")))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void shouldThrowPoisonAsKafkasExceptionInTheDeserializer() {
    var deserializer = serdes.deserializer(CancelIntent.class);

    assertThatThrownBy(() -> deserializer.deserialize(TOPIC, new byte[] {1}))
        .isInstanceOf(SerializationException.class)
        .hasMessageStartingWith("NOT_AVRO");
    assertThat(deserializer.deserialize(TOPIC, null)).isNull();
  }

  private byte[] bytes(CancelIntent intent) {
    return serdes.serializer(CancelIntent.class).serialize(TOPIC, intent);
  }

  private Kind kind(byte[] value) {
    return ((Poison<CancelIntent>) decoder.decode(TOPIC, value)).kind();
  }

  private static byte[] framed(int id, byte[] body) {
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  private static byte[] body(GenericRecord record) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    var encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** Confluent's in-memory registry, which fails when told to. */
  private static final class FaultyRegistry extends MockSchemaRegistryClient {

    private Exception fault;

    FaultyRegistry() {
      super(List.of(new AvroSchemaProvider()));
    }

    int add(Schema schema) throws Exception {
      return register("other-value", new AvroSchema(schema));
    }

    @Override
    public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
      fail();
      return super.getSchemaById(id);
    }

    @Override
    public int getId(String subject, ParsedSchema schema, boolean normalize)
        throws IOException, RestClientException {
      fail();
      return super.getId(subject, schema, normalize);
    }

    private void fail() throws IOException, RestClientException {
      if (fault instanceof IOException e) {
        throw e;
      }
      if (fault instanceof RestClientException e) {
        throw e;
      }
    }
  }
}
