package io.countermand.gate;

import io.countermand.codec.StateCodec;
import io.countermand.domain.GateOrder;
import io.countermand.kafka.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The order-state table of one task, by order key. */
final class OrderTable {

  /** Entries looked at at once: well under a millisecond, so that forgetting holds up no intent. */
  private static final int SLICE = 64;

  private final KeyValueStore<String, byte[]> store;
  private final GateSettings settings;
  private final Duration shortest;
  private @Nullable String cursor;

  OrderTable(KeyValueStore<String, byte[]> store, GateSettings settings) {
    this.store = store;
    this.settings = settings;
    this.shortest = Collections.min(List.of(settings.forgetTerminal(), settings.forgetIdle()));
  }

  GateOrder get(String key) {
    byte[] bytes = store.get(key);
    return bytes == null ? GateOrder.NONE : StateCodec.gateOrder(bytes);
  }

  /** About how many orders it has. */
  long size() {
    return store.approximateNumEntries();
  }

  void put(String key, GateOrder order) {
    store.put(key, StateCodec.bytes(order));
  }

  /** Writes only what changed. */
  void put(String key, GateOrder before, GateOrder after) {
    if (!after.equals(before)) {
      put(key, after);
    }
  }

  /**
   * Looks at the next slice of the table and forgets what nobody will ask for again.
   *
   * @return when to look at the one after it
   */
  Instant forget(Instant now, Consumer<String> forgotten) {
    List<String> old = new ArrayList<>();
    int seen = 0;
    String last = null;
    try (KeyValueIterator<String, byte[]> entries = store.range(cursor, null)) {
      while (entries.hasNext() && seen++ < SLICE) {
        KeyValue<String, byte[]> entry = entries.next();
        last = entry.key;
        if (StateCodec.gateOrder(entry.value)
            .forgettable(now, settings.forgetTerminal(), settings.forgetIdle())) {
          old.add(entry.key);
        }
      }
      cursor = entries.hasNext() ? last : null;
    }
    for (String key : old) {
      store.delete(key);
      forgotten.accept(key);
    }
    return now.plus(Sweep.pause(size(), SLICE, shortest));
  }
}
