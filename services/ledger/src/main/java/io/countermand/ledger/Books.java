package io.countermand.ledger;

import io.countermand.codec.LedgerPage;
import io.countermand.codec.StateCodec;
import io.countermand.domain.Lifecycle;
import io.countermand.domain.OrderLedger;
import io.countermand.domain.Outcome;
import io.countermand.kafka.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The ledger's stores of one task: orders with live cancels, and settled cancelIds. */
final class Books {

  private static final int SLICE = 500;

  private final KeyValueStore<String, byte[]> orders;
  private final KeyValueStore<String, byte[]> settled;
  private final Duration rememberSettled;
  private @Nullable String cursor;

  Books(
      KeyValueStore<String, byte[]> orders,
      KeyValueStore<String, byte[]> settled,
      Duration rememberSettled) {
    this.orders = orders;
    this.settled = settled;
    this.rememberSettled = rememberSettled;
  }

  LedgerPage order(String key) {
    byte[] bytes = orders.get(key);
    return bytes == null ? LedgerPage.NONE : StateCodec.ledgerPage(bytes);
  }

  void put(String key, LedgerPage page) {
    orders.put(key, StateCodec.bytes(page));
  }

  void forget(String key) {
    orders.delete(key);
  }

  /** Every order kept; small, since orders without a live cancel are dropped soon. */
  void each(BiConsumer<String, OrderLedger> consumer) {
    try (KeyValueIterator<String, byte[]> all = orders.all()) {
      all.forEachRemaining(
          entry -> consumer.accept(entry.key, StateCodec.ledgerPage(entry.value).ledger()));
    }
  }

  /** About how many orders are kept. */
  long orders() {
    return orders.approximateNumEntries();
  }

  /** About how many settled cancelIds are kept. */
  long settled() {
    return settled.approximateNumEntries();
  }

  Lifecycle.@Nullable Settled settled(String key, String cancelId) {
    byte[] bytes = settled.get(id(key, cancelId));
    return bytes == null ? null : StateCodec.settled(bytes);
  }

  void settle(String key, Outcome outcome) {
    settled.put(
        id(key, outcome.cancel().cancelId()),
        StateCodec.bytes(new Lifecycle.Settled(outcome.cancel().digest(), outcome.decidedAt())));
  }

  /**
   * Looks at the next slice and forgets ids that were settled long enough ago.
   *
   * @return when to look at the one after it
   */
  Instant forgetSettled(Instant now) {
    List<String> old = new ArrayList<>();
    Instant since = now.minus(rememberSettled);
    int seen = 0;
    String last = null;
    try (KeyValueIterator<String, byte[]> entries = settled.range(cursor, null)) {
      while (entries.hasNext() && seen++ < SLICE) {
        KeyValue<String, byte[]> entry = entries.next();
        last = entry.key;
        if (StateCodec.settled(entry.value).at().isBefore(since)) {
          old.add(entry.key);
        }
      }
      cursor = entries.hasNext() ? last : null;
    }
    old.forEach(settled::delete);
    return now.plus(Sweep.pause(settled(), SLICE, rememberSettled));
  }

  private static String id(String key, String cancelId) {
    return key + '\u0000' + cancelId;
  }
}
