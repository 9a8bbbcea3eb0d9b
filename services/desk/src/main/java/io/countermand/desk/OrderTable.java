package io.countermand.desk;

import io.countermand.codec.StateCodec;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.Cancel;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.mass.MassIntents;
import io.countermand.kafka.store.LateStore;
import io.countermand.kafka.streams.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.state.KeyValueStore;

/** The order-state table of one task, by order key. */
final class OrderTable {

  /** Entries looked at at once: well under a millisecond, so that forgetting holds up no intent. */
  private static final int SLICE = 64;

  private final LateStore store;
  private final DeskSettings settings;
  private final Sweep sweep;
  private final OpenOrders open;
  private boolean again;

  OrderTable(KeyValueStore<String, byte[]> store, DeskSettings settings) {
    this.store = LateStore.of(store);
    this.settings = settings;
    this.open = new OpenOrders(store);
    List<Duration> kept = List.of(settings.forgetTerminal(), settings.forgetIdle());
    this.sweep = new Sweep(store, SLICE, Collections.min(kept));
  }

  DeskOrder get(String key) {
    DeskOrder order = store.get(key, DeskOrder.class, StateCodec::deskOrder);
    return order == null ? DeskOrder.NONE : order;
  }

  /** Whether a mass cancel has joined the cancel that leads here, and so wants what that does. */
  boolean wantedByMassCancel(Cancel cancel) {
    String key = cancel.order().key();
    return get(key).joined().stream().anyMatch(one -> MassIntents.isPart(one.cancelId(), key));
  }

  /** About how many orders it has. */
  long size() {
    return store.approximateNumEntries();
  }

  /** Those that are not over, by account. */
  OpenOrders open() {
    return open;
  }

  void put(String key, DeskOrder order) {
    open.changed(key, order.order());
    store.put(key, DeskOrder.class, order, StateCodec::bytes);
  }

  /**
   * A record is about to be read.
   *
   * @param again it may have been read before: what it changed may stand here, though neither the
   *     changelog nor anybody else was told
   */
  void reads(boolean again) {
    this.again = again;
  }

  /** Whether what the record that is read now changed may stand here already. */
  boolean readsAgain() {
    return again;
  }

  /**
   * Whether a commit was taken behind what was changed until then: first the rows are written for
   * one, then all that the thread has written is durable, then the group is asked.
   *
   * @param changed by {@link System#nanoTime}, as the next
   * @param proved before the last commit that the group took was asked for; 0: none
   */
  boolean durable(long changed, long proved) {
    long flushed = store.flushedNanos();
    return flushed != 0 && flushed - changed > 0 && proved != 0 && proved - flushed > 0;
  }

  /** Writes only what changed, or may be written here alone. */
  void put(String key, DeskOrder before, DeskOrder after) {
    if (again || !after.equals(before)) {
      put(key, after);
    }
  }

  /**
   * Looks at the next slice of the table and forgets what nobody will ask for again.
   *
   * @return when to look at the one after it
   */
  Instant forget(Instant now, Consumer<String> forgotten) {
    return sweep.next(
        now,
        value ->
            StateCodec.deskOrder(value)
                .forgettable(now, settings.forgetTerminal(), settings.forgetIdle()),
        key -> {
          open.forgotten(key);
          forgotten.accept(key);
        });
  }
}
