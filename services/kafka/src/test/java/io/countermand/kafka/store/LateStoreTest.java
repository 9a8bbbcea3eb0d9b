package io.countermand.kafka.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LateStoreTest {

  /** Sorted as strings these stand in another order than as bytes. */
  private static final List<String> KEYS =
      List.of("", "\u0000read", "a", "a/b", "ab", "b", "\uFFFD", "\uD83D\uDE00", "z");

  @TempDir Path directory;
  private MockProcessorContext<Void, Void> context;
  private LateStore store;

  @BeforeEach
  void open() {
    store = opened();
  }

  private LateStore opened() {
    var given = LateStore.builder("orders").withLoggingDisabled().build();
    context = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory.toFile());
    given.init(context.getStateStoreContext(), given);
    return LateStore.of(given);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void anObjectThatChangesIsEncodedOnceAtTheCommit() {
    var encoded = new AtomicInteger();
    for (int i = 1; i <= 5; i++) {
      store.put("order", Integer.class, i, value -> bytes(encoded.incrementAndGet() + "=" + value));
      assertThat(store.get("order", Integer.class, _ -> -1)).isEqualTo(i);
    }
    assertThat(encoded).hasValue(0);
    assertThat(store.wrapped().get("order")).isNull();
    assertThat(store.flushedNanos()).isZero();

    store.flushCache();
    store.flushCache();

    assertThat(System.nanoTime() - store.flushedNanos()).isNotNegative();

    assertThat(store.wrapped().get("order")).isEqualTo(bytes("1=5"));
    assertThat(store.get("order", String.class, value -> new String(value, UTF_8)))
        .isEqualTo("1=5");
  }

  @Test
  void whatIsNotCommittedIsGoneOnceItIsGivenUp() {
    store.put("order", bytes("written"));
    store.flushCache();
    store.put("order", bytes("not written"));
    store.clearCache();
    assertThat(store.get("order")).isEqualTo(bytes("written"));

    store.delete("order");
    store.close();
    store = opened();

    assertThat(store.get("order")).isEqualTo(bytes("written"));
  }

  @Test
  void aCommitOfTheStoreItselfLosesNothing() {
    store.put("order", bytes("one"));
    store.commit(Map.of());
    assertThat(store.wrapped().get("order")).isNull(); // no record was read yet
    store.flushCache();
    assertThat(store.wrapped().get("order")).isEqualTo(bytes("one"));

    context.setRecordMetadata("orders", 0, 7);
    store.put("order", bytes("two"));
    store.commit(Map.of());
    assertThat(store.wrapped().get("order")).isEqualTo(bytes("two"));
  }

  @Test
  void ofMoreThanFitTheEldestIsWrittenBeforeTheCommit() {
    for (int i = 0; i < LateStore.MOST; i++) {
      store.put("order-" + i, Integer.class, i, value -> bytes(value.toString()));
    }
    assertThat(store.wrapped().get("order-0")).isNull();
    store.put("order-0", bytes("again"));
    store.put("one more", bytes("more"));

    assertThat(read(store.wrapped().all())).containsExactly(Map.entry("order-1", "1"));
    assertThat(store.get("order-0")).isEqualTo(bytes("again"));
    assertThat(store.get("order-1")).isEqualTo(bytes("1"));
  }

  @Test
  void aRowWithoutBytesIsNoFaultOfTheRecordThatIsReadThen() {
    store.put("bad", Integer.class, 0, _ -> noBytes());
    for (int i = 1; i < LateStore.MOST; i++) {
      store.put("order-" + i, bytes("good"));
    }
    assertThatThrownBy(() -> store.put("next", bytes("good")))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("bad");
    assertThat(store.get("next")).isNull();
  }

  private static byte[] noBytes() {
    throw new IllegalStateException("no bytes");
  }

  /** A model in memory says what each reader must see, whenever what changed was written. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void readsAsAStoreThatWritesAtOnce(long seed) {
    var random = new Random(seed);
    NavigableMap<String, String> model =
        new TreeMap<>((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
    for (int i = 0; i < 2_000; i++) {
      String key = any(random);
      String value = "v" + i;
      switch (random.nextInt(8)) {
        case 0 -> {
          store.put(key, bytes(value));
          model.put(key, value);
        }
        case 1, 2 -> {
          store.put(key, String.class, value, LateStoreTest::bytes);
          model.put(key, value);
        }
        case 3 -> assertThat(store.delete(key)).isEqualTo(bytes(model.remove(key)));
        case 4 -> {
          assertThat(store.putIfAbsent(key, bytes(value))).isEqualTo(bytes(model.get(key)));
          model.putIfAbsent(key, value);
        }
        case 5 -> store.flushCache();
        case 6 -> {
          store.putAll(List.of(KeyValue.pair(key, bytes(value))));
          model.put(key, value);
        }
        default -> {
          String from = random.nextBoolean() ? null : any(random);
          assertThat(read(store.range(from, null)))
              .as("from %s", from)
              .isEqualTo(List.copyOf((from == null ? model : model.tailMap(from)).entrySet()));
          String to = any(random);
          assertThat(read(store.range(null, to)))
              .as("to %s", to)
              .isEqualTo(List.copyOf(model.headMap(to, true).entrySet()));
          assertThat(read(store.all())).isEqualTo(List.copyOf(model.entrySet()));
        }
      }
      assertThat(store.get(key)).isEqualTo(bytes(model.get(key)));
      assertThat(store.get(key, String.class, found -> new String(found, UTF_8)))
          .isEqualTo(model.get(key));
    }
  }

  @Test
  void whatIsNotWrittenLateIsNoneOfThese() {
    KeyValueStore<String, byte[]> other =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore("other"), Serdes.String(), Serdes.ByteArray())
            .build();
    assertThatThrownBy(() -> LateStore.of(other)).hasMessageContaining("other");
  }

  private static String any(Random random) {
    return KEYS.get(random.nextInt(KEYS.size()));
  }

  private static List<Map.Entry<String, String>> read(KeyValueIterator<String, byte[]> entries) {
    List<Map.Entry<String, String>> all = new ArrayList<>();
    try (entries) {
      while (entries.hasNext()) {
        String next = entries.peekNextKey();
        KeyValue<String, byte[]> entry = entries.next();
        assertThat(entry.key).isEqualTo(next);
        all.add(Map.entry(entry.key, new String(entry.value, UTF_8)));
      }
    }
    return all;
  }

  private static byte @Nullable [] bytes(@Nullable String value) {
    return value == null ? null : value.getBytes(UTF_8);
  }
}
