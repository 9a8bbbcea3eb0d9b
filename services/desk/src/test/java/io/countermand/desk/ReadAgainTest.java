package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.codec.MassCodec;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.kafka.store.LateStore;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store may have rows that the changelog, or who reads order states, was never told of. */
class ReadAgainTest {

  private static final Instant NOW = Instant.now();
  private static final byte[] KEY = "v/a/1".getBytes(StandardCharsets.UTF_8);

  @TempDir Path state;
  private DeskDriver desk;
  private byte[] event;
  private RecordedPuts recorded;

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

  /** Whoever read it first: this process, one before it on this disk, or another machine's. */
  @Test
  void shouldTellAgainWhatARecordChangedThatWasThereWhenTheTaskBegan() {
    assertThat(toldOf((_, _, then) -> then.accept(1), 0)).containsExactly(Topics.ORDER_STATES);
    assertThat(toldOf((_, _, then) -> {}, 0)).containsExactly(Topics.ORDER_STATES);
  }

  @Test
  void shouldTellNothingOfARecordThatCameSinceAndChangesNothing() {
    assertThat(toldOf((_, _, then) -> then.accept(1), 1)).isEmpty();
  }

  @Test
  void shouldPutAKillSwitchOnceMoreWhoseCommandsAreReadAgain() {
    // Given
    byte[] fire = desk.bytes(Topics.MASS_COMMANDS, MassCodec.toAvro(fire()));
    byte[] release =
        desk.bytes(
            Topics.MASS_COMMANDS,
            MassCodec.toAvro(MassCancel.release("r", "k", "ops", "over", NOW).harmless()));
    desk.read(Topics.MASS_COMMANDS, KEY, fire);
    // When, then
    assertThat(putReadingAgain(Desk.SWITCHES, Topics.MASS_COMMANDS, fire)).containsExactly("k");
    // When it is off
    desk.read(Topics.MASS_COMMANDS, KEY, release);
    // Then
    assertThat(putReadingAgain(Desk.SWITCHES, Topics.MASS_COMMANDS, fire)).containsExactly("k");
    assertThat(putReadingAgain(Desk.SWITCHES, Topics.MASS_COMMANDS, release)).containsExactly("k");
  }

  @Test
  void shouldPutAParkedRecordOnceMoreThatIsReadAgain() {
    // Given: an id that nobody knows
    byte[] odd = {0, 0, 0, 3, (byte) 0xe7, 1, 2, 3, 4};
    desk.read(Topics.INTENTS, KEY, odd);
    // When, then
    assertThat(putReadingAgain(Desk.PARKED, Topics.INTENTS, odd)).hasSize(1);
  }

  /** Keys that the next task over the stores puts into one, where it reads offset 0 once more. */
  private List<String> putReadingAgain(String store, String topic, byte[] value) {
    var context = new MockProcessorContext<byte[], OutputRecord>();
    DeskProcessor next =
        desk.next(
            context,
            (_, _, then) -> then.accept(0),
            each -> {
              if (!each.name().equals(store)) {
                return each;
              }
              recorded = new RecordedPuts(each);
              return recorded.store();
            });
    context.setRecordMetadata(topic, 0, 0);
    next.process(new Record<>(KEY, value, Instant.now().toEpochMilli()));
    next.close();
    return recorded.puts();
  }

  private static MassCancel fire() {
    return new MassCancel(
        "k",
        MassScope.of("v", "a"),
        "ops",
        "drill",
        NOW.plus(Duration.ofMinutes(5)),
        false,
        false,
        NOW,
        true,
        null);
  }

  /** Else a parked record is gone for good before what came of it stands anywhere. */
  @Test
  void shouldForgetWhatWasParkedNotBeforeACommitBehindItsRows() {
    // Given
    KeyValueStore<String, byte[]> store = desk.driver.getKeyValueStore(Desk.ORDERS);
    var orders = new OrderTable(store, desk.settings);
    // When
    long read = System.nanoTime();
    long earlier = System.nanoTime();
    // Then
    assertThat(orders.durable(read, System.nanoTime())).as("rows in memory only").isFalse();
    // When
    LateStore.of(store).flushCache();
    // Then
    assertThat(orders.durable(read, 0)).as("no commit at all").isFalse();
    assertThat(orders.durable(read, earlier)).as("none since").isFalse();
    assertThat(orders.durable(read, System.nanoTime())).isTrue();
    assertThat(orders.durable(System.nanoTime(), System.nanoTime())).as("of others").isFalse();
  }

  private List<String> toldOf(Backlog.Ends ends, long offset) {
    var context = new MockProcessorContext<byte[], OutputRecord>();
    DeskProcessor next = desk.next(context, ends, store -> store);
    context.setRecordMetadata(Topics.ORDER_EVENTS, 0, offset);
    next.process(new Record<>(KEY, event, Instant.now().toEpochMilli()));
    next.close();
    return context.forwarded().stream().map(each -> each.record().value().topic()).toList();
  }
}
