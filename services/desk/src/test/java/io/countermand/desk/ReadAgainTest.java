package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.kafka.store.LateStore;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.kafka.streams.Out;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a lost record the store on disk has rows that nobody else was ever told of. */
class ReadAgainTest {

  private static final byte[] KEY = "v/a/1".getBytes(StandardCharsets.UTF_8);

  @TempDir Path state;
  private DeskDriver desk;
  private byte[] event;

  @BeforeEach
  void readOnce() {
    desk =
        new DeskDriver(state, new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())), 1);
    event =
        desk.bytes(
            Topics.ORDER_EVENTS,
            OrderEvent.newBuilder()
                .setVenue("v")
                .setAccount("a")
                .setOrderId("1")
                .setOrdStatus(OrdStatus.FILLED)
                .setRawStatus("Filled")
                .setSource("test")
                .setObservedAt(Instant.now())
                .build());
    desk.read(Topics.ORDER_EVENTS, KEY, event);
    assertThat(desk.written(Topics.ORDER_STATES)).hasSize(1);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldTellAgainWhatARecordChangedThatItsProcessWasGivenBefore() {
    var sends = new DurableSends();
    sends.given().gave(new TopicPartition(Topics.ORDER_EVENTS, 0), 0);
    assertThat(toldOf(sends, 0)).containsExactly(Topics.ORDER_STATES);
  }

  @Test
  void shouldTellNothingOfARecordThatChangesNothing() {
    var sends = new DurableSends();
    sends.given().gave(new TopicPartition(Topics.ORDER_EVENTS, 0), 0);
    assertThat(toldOf(sends, 1)).isEmpty();
    assertThat(toldOf(new DurableSends(), 0)).isEmpty();
  }

  /** Else a parked record is gone for good before what came of it stands anywhere. */
  @Test
  void shouldWriteOfParkedRecordsWhenItWritesOfOrders() {
    assertThat(LateStore.of(desk.driver.getKeyValueStore(Desk.PARKED))).isNotNull();
    assertThat(LateStore.of(desk.driver.getKeyValueStore(Desk.ORDERS))).isNotNull();
  }

  private List<String> toldOf(DurableSends sends, long offset) {
    var context = new MockProcessorContext<byte[], Out>();
    DeskProcessor next = desk.next(context, sends);
    context.setRecordMetadata(Topics.ORDER_EVENTS, 0, offset);
    next.process(new Record<>(KEY, event, Instant.now().toEpochMilli()));
    next.close();
    return context.forwarded().stream().map(each -> each.record().value().topic()).toList();
  }
}
