package io.countermand.kafka.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.domain.order.Evidence;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** When what was parked leaves its store. The desk's test of this name has the rest. */
class ParkingTest {

  private static final byte[] KEY = "v/a/1".getBytes(StandardCharsets.UTF_8);

  @Test
  void shouldForgetWhatWasReadOnceWhatCameOfItIsDurable() {
    // Given
    KeyValueStore<String, byte[]> store = store();
    var context = new MockProcessorContext<Void, Void>();
    context.setCurrentSystemTimeMs(0);
    var readable = new AtomicBoolean();
    var durable = new AtomicBoolean();
    List<Evidence> read = new ArrayList<>();
    var at = new Evidence(Topics.INTENTS, 0, 7);
    try (var serdes = new EventSerdes(new MockSchemaRegistryClient(), Map.of(), Runnable::run)) {
      var parking =
          new Parking(
              context,
              store,
              serdes.questions(),
              (record, place, effort) -> {
                if (!readable.get()) {
                  throw new NotReadableYet("of a test", false);
                }
                read.add(place);
              },
              _ -> durable.get());
      parking.process(new Record<>(KEY, new byte[] {1}, 0), at);
      // When
      readable.set(true);
      ring(context);
      ring(context);
      // Then it is read once, holds up nobody, and is there for the next owner
      assertThat(read).containsExactly(at);
      assertThat(parking.holds(Topics.INTENTS)).isFalse();
      assertThat(parking.holds(at, KEY)).isFalse();
      assertThat(store.approximateNumEntries()).isEqualTo(1);
      // When
      durable.set(true);
      ring(context);
      // Then
      assertThat(read).containsExactly(at);
      assertThat(store.approximateNumEntries()).isZero();
    }
  }

  /** Its owner was killed before it committed an offset behind it: it is read from both. */
  @Test
  void shouldReadOnceWhatIsParkedAndStandsInTheTopicStill() {
    // Given
    KeyValueStore<String, byte[]> store = store();
    var record = new Record<>(KEY, new byte[] {1}, 0);
    var at = new Evidence(Topics.INTENTS, 0, 7);
    try (var serdes = new EventSerdes(new MockSchemaRegistryClient(), Map.of(), Runnable::run)) {
      var before = new MockProcessorContext<Void, Void>();
      before.setCurrentSystemTimeMs(0);
      var killed =
          new Parking(
              before,
              store,
              serdes.questions(),
              (_, _, _) -> {
                throw new NotReadableYet("of a test", false);
              },
              _ -> false);
      killed.process(record, at);
      assertThat(store.approximateNumEntries()).isEqualTo(1);
      // When the next owner can read it
      List<Evidence> read = new ArrayList<>();
      var context = new MockProcessorContext<Void, Void>();
      context.setCurrentSystemTimeMs(0);
      var next =
          new Parking(
              context, store, serdes.questions(), (_, place, _) -> read.add(place), _ -> false);
      ring(context);
      assertThat(read).containsExactly(at);
      next.process(record, at);
      // Then
      assertThat(read).containsExactly(at);
      // When what follows comes
      var follows = new Evidence(Topics.INTENTS, 0, 8);
      next.process(record, follows);
      // Then
      assertThat(read).containsExactly(at, follows);
    }
  }

  /** Or an outcome that was parked puts a flight back that its followers had ended. */
  @Test
  void shouldReadAgainWithWhatWasParkedWhatWasReadBehindIt() {
    // Given: what waited was read, and then what follows it, of which no offset may be committed
    KeyValueStore<String, byte[]> store = store();
    var record = new Record<>(KEY, new byte[] {1}, 0);
    var other = new Record<>("v/a/2".getBytes(StandardCharsets.UTF_8), new byte[] {1}, 0);
    List<Evidence> read = new ArrayList<>();
    try (var serdes = new EventSerdes(new MockSchemaRegistryClient(), Map.of(), Runnable::run)) {
      var context = context();
      var readable = new AtomicBoolean();
      var killed =
          new Parking(
              context,
              store,
              serdes.questions(),
              (_, place, _) -> {
                if (!readable.get()) {
                  throw new NotReadableYet("of a test", false);
                }
                read.add(place);
              },
              _ -> false);
      killed.process(record, at(5));
      readable.set(true);
      ring(context);
      killed.process(record, at(6));
      killed.process(other, at(7));
      killed.process(record, at(8));
      ring(context);
      assertThat(read).as("no wait").containsExactly(at(5), at(6), at(7), at(8));
      read.clear();
      // When: a commit stood behind 6, not behind 8
      var after = context();
      var next =
          new Parking(
              after, store, serdes.questions(), (_, place, _) -> read.add(place), _ -> false);
      next.process(record, at(8));
      ring(after);
      next.process(record, at(9));
      // Then
      assertThat(read).containsExactly(at(5), at(6), at(8), at(9));
    }
  }

  /** Else a busy order's records were all kept for a while, for ever. */
  @Test
  void shouldKeepWhatFollowsNoLongerThanWhatWasParked() {
    // Given
    KeyValueStore<String, byte[]> store = store();
    var record = new Record<>(KEY, new byte[] {1}, 0);
    List<Evidence> read = new ArrayList<>();
    try (var serdes = new EventSerdes(new MockSchemaRegistryClient(), Map.of(), Runnable::run)) {
      var context = context();
      var readable = new AtomicBoolean();
      var committed = new AtomicLong(System.nanoTime());
      var parking =
          new Parking(
              context,
              store,
              serdes.questions(),
              (_, place, _) -> {
                if (!readable.get()) {
                  throw new NotReadableYet("of a test", false);
                }
                read.add(place);
              },
              nanos -> nanos - committed.get() < 0);
      parking.process(record, at(5));
      readable.set(true);
      ring(context);
      long between = System.nanoTime();
      parking.process(record, at(6));
      assertThat(store.approximateNumEntries()).isEqualTo(2);
      // When: not yet
      ring(context);
      // Then
      assertThat(store.approximateNumEntries()).isEqualTo(2);
      // When: there is a commit behind 5, none behind 6, whose topic hands it out again
      committed.set(between);
      ring(context);
      parking.process(record, at(7));
      // Then
      assertThat(store.approximateNumEntries()).isZero();
      assertThat(read).containsExactly(at(5), at(6), at(7));
    }
  }

  private static Evidence at(long offset) {
    return new Evidence(Topics.INTENTS, 0, offset);
  }

  private static MockProcessorContext<Void, Void> context() {
    var context = new MockProcessorContext<Void, Void>();
    context.setCurrentSystemTimeMs(0);
    return context;
  }

  private static KeyValueStore<String, byte[]> store() {
    KeyValueStore<String, byte[]> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore("parked"), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
    return store;
  }

  private static void ring(MockProcessorContext<?, ?> context) {
    for (var each : List.copyOf(context.scheduledPunctuators())) {
      if (!each.cancelled()) {
        each.getPunctuator().punctuate(Instant.now().toEpochMilli());
      }
    }
  }
}
