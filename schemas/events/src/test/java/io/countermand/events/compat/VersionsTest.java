package io.countermand.events.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.events.AttemptReplied;
import io.countermand.events.Cancel;
import io.countermand.events.CancelProgress;
import io.countermand.events.Evidence;
import io.countermand.events.ReplyKind;
import io.countermand.events.RequestKind;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A part of the first version and one of this version work on one topic. */
class VersionsTest {

  private static final String TOPIC = "cancel-progress";
  private static final Path V1 = Fixtures.VERSIONS.resolve("v1");
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00.123456Z");

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final EventSerdes serdes = new EventSerdes(registry, Map.of());
  private final Schema before = Fixtures.read(V1, "CancelProgress");
  private int first;

  @BeforeEach
  void bothVersionsAreRegistered() throws Exception {
    first = registry.register(TOPIC + "-value", new AvroSchema(before));
    registry.register(TOPIC + "-value", EventSerdes.schemaOf(CancelProgress.class));
  }

  @Test
  void shouldReadWhatTheFirstVersionWrites() throws IOException {
    // Given
    byte[] value = asFirstVersion(write(reply()));
    // When
    Decoded<CancelProgress> read = serdes.decoder(CancelProgress.class).decode(TOPIC, value);
    // Then
    CancelProgress expected = reply();
    ((AttemptReplied) expected.getWhat()).setRequestRecord(null);
    assertThat(read).isEqualTo(new Decoded.Ok<>(expected));
  }

  @Test
  void shouldBeReadByTheFirstVersion() throws IOException {
    // Given
    byte[] value = write(reply());
    // When
    GenericRecord read = readAsFirstVersion(value);
    // Then
    GenericRecord what = (GenericRecord) read.get("what");
    assertThat(what.get("attemptId").toString()).isEqualTo("a-1");
    assertThat(what.get("venueMessage").toString()).isEqualTo("done");
    assertThat(what.getSchema().getField("requestRecord")).isNull();
    assertThat(read.get("at")).isEqualTo(1795161600123456L);
  }

  private byte[] write(CancelProgress progress) {
    return serdes.serializer(CancelProgress.class).serialize(TOPIC, progress);
  }

  private GenericRecord readAsFirstVersion(byte[] value) throws IOException {
    Schema now = EventSerdes.schemaOf(CancelProgress.class).rawSchema();
    return new GenericDatumReader<GenericRecord>(now, before)
        .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
  }

  private byte[] asFirstVersion(byte[] value) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write(0);
    out.write(ByteBuffer.allocate(4).putInt(first).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(before).write(readAsFirstVersion(value), encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static CancelProgress reply() {
    var intent = new Evidence("cancel-intents", 3, 77L);
    var cancel =
        Cancel.newBuilder()
            .setCancelId("c-1")
            .setVenue("v")
            .setAccount("a")
            .setOrderId("o")
            .setCreatedAt(NOW)
            .setDeadline(NOW)
            .setReceivedAt(NOW)
            .setIntent(intent)
            .setDigest("00")
            .build();
    var replied =
        AttemptReplied.newBuilder()
            .setAttemptId("a-1")
            .setAttemptNo(1)
            .setKind(RequestKind.CANCEL)
            .setReply(ReplyKind.CANCELED)
            .setSent(true)
            .setVenueMessage("done")
            .setRequestRecord(new Evidence("cancel-requests.v", 0, 5L))
            .build();
    return new CancelProgress(cancel, replied, NOW, "desk-1");
  }
}
