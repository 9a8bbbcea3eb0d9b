package io.countermand.ledger;

import io.countermand.codec.LedgerPage;
import io.countermand.codec.StateCodec;
import io.countermand.domain.LedgerRules;
import io.countermand.domain.Lifecycle;
import io.countermand.domain.OrderLedger;
import io.countermand.domain.Outcome;
import io.countermand.kafka.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The ledger's stores of one task: orders with live cancels, and settled cancelIds. */
final class Books {

  private static final int SLICE = 500;

  /** A cancel's page is read about five times within a second; reading its bytes costs more. */
  private static final int MOST_RECENT = 2_000;

  private final KeyValueStore<String, byte[]> orders;
  private final KeyValueStore<String, byte[]> settled;
  private final LedgerRules rules;
  private final Duration rememberSettled;
  private final Sweep orderSweep;
  private final Sweep settledSweep;

  /** Pages as the store has them, those used last. */
  private final Map<String, LedgerPage> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LedgerPage> eldest) {
          return size() > MOST_RECENT;
        }
      };

  Books(
      KeyValueStore<String, byte[]> orders,
      KeyValueStore<String, byte[]> settled,
      LedgerSettings settings) {
    this.orders = orders;
    this.settled = settled;
    this.rules = settings.rules();
    this.rememberSettled = settings.rememberSettled();
    this.orderSweep = new Sweep(orders, SLICE, rules.rememberOrder());
    this.settledSweep = new Sweep(settled, SLICE, rememberSettled);
  }

  LedgerPage order(String key) {
    LedgerPage known = recent.get(key);
    if (known != null) {
      return known;
    }
    byte[] bytes = orders.get(key);
    return bytes == null ? LedgerPage.NONE : StateCodec.ledgerPage(bytes);
  }

  void put(String key, LedgerPage page) {
    orders.put(key, StateCodec.bytes(page));
    recent.put(key, page);
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
   * Looks at the next slice of orders and forgets those that nothing has happened to for long
   * enough, and that have no live cancel.
   *
   * @return when to look at the one after it
   */
  Instant forgetOrders(Instant now) {
    return orderSweep.next(
        now,
        value -> StateCodec.ledgerPage(value).ledger().forgettable(now, rules),
        recent::remove);
  }

  /**
   * Looks at the next slice of ids and forgets those that were settled long enough ago.
   *
   * @return when to look at the one after it
   */
  Instant forgetSettled(Instant now) {
    Instant since = now.minus(rememberSettled);
    return settledSweep.next(now, value -> StateCodec.settled(value).at().isBefore(since), _ -> {});
  }

  private static String id(String key, String cancelId) {
    return key + '\u0000' + cancelId;
  }
}
