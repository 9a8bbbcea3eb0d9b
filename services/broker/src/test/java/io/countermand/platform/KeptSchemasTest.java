package io.countermand.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.countermand.events.CancelIntent;
import io.countermand.events.OrderEvent;
import io.countermand.events.VenuePause;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.Decoded.Kind;
import io.countermand.events.serde.Decoded.Ok;
import io.countermand.events.serde.Decoded.Poison;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a role knows of schema ids, beside the real registry: away, wiped, filled in another order.
 */
@Tag("long") // starts six registries
class KeptSchemasTest {

  private static final List<Class<? extends SpecificRecord>> TYPES =
      List.of(OrderEvent.class, CancelIntent.class, VenuePause.class);

  @TempDir Path dir;

  private final int port = LocalPlatform.freePort();
  private LocalRegistry registry;

  @BeforeEach
  void start() {
    registry = fresh("first");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void shouldReadAndWriteWhatItKnowsWhileTheRegistryIsAwayAtItsStart() throws Exception {
    // Given
    register(TYPES);
    byte[] before;
    try (EventSerdes role = role()) {
      before = write(role, event(1));
      assertThat(read(role, before)).isEqualTo(new Ok<>(event(1)));
    }
    registry.stop();
    // When
    try (EventSerdes role = role()) {
      // Then
      assertThat(read(role, before)).isEqualTo(new Ok<>(event(1)));
      assertThat(write(role, event(1))).isEqualTo(before);
      assertThat(role.disputedIds()).isZero();
      // What it never saw it cannot know.
      byte[] unseen = ByteBuffer.allocate(9).put((byte) 0).putInt(4711).array();
      assertThatThrownBy(() -> read(role, unseen)).isInstanceOf(RegistryUnavailableException.class);
    }
  }

  @Test
  void shouldReadWhatWasWrittenBeforeAndAfterAWipeEachAsItsWriterMeantIt() throws Exception {
    // Given
    register(TYPES);
    byte[] before;
    try (EventSerdes role = role()) {
      before = write(role, event(1));
      assertThat(read(role, before)).isEqualTo(new Ok<>(event(1)));
    }
    registry.stop();
    // When
    registry = fresh("second");
    register(TYPES.reversed());
    byte[] after;
    try (var client = new EventSerdes(registry.url())) {
      after = write(client, event(2));
    }
    // Then
    assertThat(id(after)).isNotEqualTo(id(before));
    try (EventSerdes role = role()) {
      assertThat(read(role, before)).isEqualTo(new Ok<>(event(1)));
      assertThat(read(role, after)).isEqualTo(new Ok<>(event(2)));
      assertThat(role.disputedIds()).isPositive();
      assertThat(write(role, event(2))).isEqualTo(after); // under its id of now
    }
  }

  @Test
  void shouldRefuseWhatTwoMeaningsOfOneIdReadDifferently() throws Exception {
    // Given: the same bytes, in microseconds before the wipe, in milliseconds after
    Schema micros = EventSerdes.schemaOf(OrderEvent.class).rawSchema();
    Schema millis =
        new Schema.Parser()
            .parse(micros.toString().replace("timestamp-micros", "timestamp-millis"));
    put("order-events-value", micros);
    byte[] record;
    try (EventSerdes role = role()) {
      record = write(role, event(1));
      assertThat(read(role, record)).isEqualTo(new Ok<>(event(1)));
    }
    registry.stop();
    // When
    registry = fresh("second");
    put("order-events-value", millis);
    // Then
    try (EventSerdes role = role()) {
      assertThat(read(role, record)).isInstanceOf(Poison.class);
      var poison = (Poison<OrderEvent>) read(role, record);
      assertThat(poison.kind()).isEqualTo(Kind.UNKNOWN_SCHEMA);
      assertThat(poison.text()).contains("given more than once");
    }
  }

  @Test
  void shouldNotUseADamagedFile() throws Exception {
    // Given
    register(TYPES);
    byte[] bytes;
    try (EventSerdes role = role()) {
      bytes = write(role, event(1));
      read(role, bytes);
    }
    String whole = Files.readString(file());
    for (String damaged :
        List.of(
            "",
            whole.substring(0, whole.length() / 2),
            whole.replace("cumQty", "cumQtz"),
            whole.replace("end\t", "end\t1"))) {
      Files.writeString(file(), damaged);
      // When
      try (EventSerdes role = role()) {
        // Then
        assertThat(read(role, bytes)).isEqualTo(new Ok<>(event(1)));
        assertThat(role.disputedIds()).isZero(); // nothing of it was believed
      }
      assertThat(Files.readString(file())).contains("cumQty").contains("\nend\t");
    }
    try (var all = Files.list(dir)) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("role.schemas", "first", "logs");
    }
  }

  private LocalRegistry fresh(String name) {
    return LocalRegistry.start(dir.resolve(name), dir.resolve("logs"), port);
  }

  private EventSerdes role() {
    return new EventSerdes(
        registry.url(), Map.of(), file(), Map.of(Topics.ORDER_EVENTS, OrderEvent.class));
  }

  private Path file() {
    return dir.resolve("role.schemas");
  }

  private void register(List<Class<? extends SpecificRecord>> types) throws Exception {
    for (Class<? extends SpecificRecord> type : new ArrayList<>(types)) {
      put(
          type == OrderEvent.class ? "order-events-value" : type.getSimpleName() + "-value",
          EventSerdes.schemaOf(type).rawSchema());
    }
  }

  private void put(String subject, Schema schema) throws Exception {
    try (var client = new CachedSchemaRegistryClient(registry.url(), 10)) {
      client.register(subject, new AvroSchema(schema));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] write(EventSerdes by, OrderEvent event) {
    return by.serializer(OrderEvent.class).serialize(Topics.ORDER_EVENTS, event);
  }

  private static Decoded<OrderEvent> read(EventSerdes by, byte[] bytes) {
    return by.decoder(OrderEvent.class).decode(Topics.ORDER_EVENTS, bytes);
  }

  private static int id(byte[] bytes) {
    return ByteBuffer.wrap(bytes, 1, 4).getInt();
  }

  private static OrderEvent event(int second) {
    OrderEvent event = RealRegistryTest.event();
    event.setObservedAt(Instant.parse("2026-03-01T12:00:00Z").plusSeconds(second));
    return event;
  }
}
