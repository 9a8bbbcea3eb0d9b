package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.events.CancelIntent;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.events.Requester;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that came in compressed; whatever becomes of them, it fits into any topic. */
class LargeRecordsTest {

  private static final String LONG = "x".repeat(5 << 20);

  /** The smallest limit that a broker of the field's is given, and room for headers. */
  private static final int MOST = 200_000;

  @TempDir Path state;
  private DeskDriver desk;

  @BeforeEach
  void start() {
    desk =
        new DeskDriver(state, new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())), 1);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldCutTheTextsOfAnOrderEvent() {
    // When
    desk.read(Topics.ORDER_EVENTS, key("v/a/1"), desk.bytes(Topics.ORDER_EVENTS, event()));
    // Then
    assertThat(sizes()).isNotEmpty().allMatch(size -> size < 1_000);
  }

  @Test
  void shouldCutTheTextsOfAnOrderEventThatIsMoved() {
    // When
    desk.read(Topics.ORDER_EVENTS, key("elsewhere"), desk.bytes(Topics.ORDER_EVENTS, event()));
    // Then
    assertThat(sizes()).isNotEmpty().allMatch(size -> size < 2_000);
  }

  @Test
  void shouldCutTheTextsOfAnIntentThatIsMoved() {
    // When
    desk.read(Topics.INTENTS, key("elsewhere"), desk.bytes(Topics.INTENTS, intent()));
    // Then
    assertThat(sizes()).isNotEmpty().allMatch(size -> size < 3_000);
  }

  @Test
  void shouldCutWhatIsWrongWithAnIntent() {
    // Given
    CancelIntent intent = intent();
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      attributes.put("attribute " + i, "value");
    }
    intent.setAttributes(attributes);
    intent.setOrderName(LONG);
    intent.setStrategyId(LONG);
    intent.setClOrdId("\ud83d\udeab".repeat(1 << 20));
    intent.setAccount(LONG);
    // When
    desk.read(Topics.INTENTS, key("elsewhere"), desk.bytes(Topics.INTENTS, intent));
    // Then
    assertThat(sizes()).isNotEmpty().allMatch(size -> size < 8_000);
  }

  @Test
  void shouldCutADeadLetterAndItsKey() {
    // Given
    var headers = new RecordHeaders();
    for (int i = 0; i < 50_000; i++) {
      headers.add("tracestate", ("k=" + LONG.substring(0, 100)).getBytes(StandardCharsets.UTF_8));
      headers.add("traceparent", LONG.substring(0, 100).getBytes(StandardCharsets.UTF_8));
    }
    // When
    desk.read(Topics.INTENTS, key(LONG), key(LONG), headers);
    // Then
    assertThat(sizes()).isNotEmpty().allMatch(size -> size < MOST);
  }

  /** Of all records written: key, value and headers. */
  private List<Integer> sizes() {
    return desk.writtenAnywhere().stream().map(LargeRecordsTest::size).toList();
  }

  private static int size(TestRecord<byte[], byte[]> record) {
    int size = record.key().length + record.value().length;
    for (var header : record.headers()) {
      size += header.key().length() + header.value().length;
    }
    return size;
  }

  private static byte[] key(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static OrderEvent event() {
    return OrderEvent.newBuilder()
        .setVenue("v")
        .setAccount("a")
        .setOrderId("1")
        .setOrdStatus(OrdStatus.NEW)
        .setRawStatus(LONG)
        .setClOrdId(LONG)
        .setSource(LONG)
        .setCancelId(LONG)
        .setOrderQty(LONG)
        .setObservedAt(Instant.now())
        .build();
  }

  private static CancelIntent intent() {
    return CancelIntent.newBuilder()
        .setCancelId("c")
        .setVenue("v")
        .setAccount("a")
        .setOrderId("1")
        .setRequester(new Requester(LONG, LONG, LONG, LONG, LONG))
        .setCreatedAt(Instant.now())
        .build();
  }
}
