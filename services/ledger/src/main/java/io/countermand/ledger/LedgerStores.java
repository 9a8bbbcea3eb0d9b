package io.countermand.ledger;

import io.countermand.codec.LedgerPage;
import io.countermand.codec.SettledId;
import io.countermand.codec.StateCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.Outcome;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.lifecycle.Lifecycle;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.lifecycle.ReadPositions;
import io.countermand.domain.order.Evidence;
import io.countermand.kafka.store.LateStore;
import io.countermand.kafka.streams.Sweep;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's stores of one task: orders with live cancels or settled ones, more settled cancelIds
 * ({@link SettledIds}), how far the topics were read, and what leases leave open. Of these each has
 * one key among the orders, so that it goes to their changelog.
 */
final class LedgerStores {

  private static final int SLICE = 500;

  /** A day's orders are among them, of which ids are left: a round takes half of their time. */
  private static final int SLOWER = 5;

  /** A cancel's page is read about five times within a second; reading its bytes costs more. */
  private static final int MOST_RECENT = 2_000;

  /** No order key begins with it. */
  private static final String POSITIONS = "\u0000read";

  /** Clocks of ledger and broker may differ by so much. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final String FIRST_ORDER = "\u0001";

  private final LateStore orders;
  private final KeyValueStore<String, byte[]> settled;
  private final LedgerRules rules;
  private final Duration rememberSettled;
  private final int partition;
  private final Sweep orderSweep;
  private final Sweep settledSweep;
  private final Duration longestCancel;
  private final OpenLeases leases;
  private ReadPositions positions;

  /**
   * Pages of orders with a live cancel as the store has them, those used last. What nobody asks for
   * any more is not kept: it would grow old, and only a full collection removes it.
   */
  private final Map<String, LedgerPage> recent =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LedgerPage> eldest) {
          return size() > MOST_RECENT;
        }
      };

  /**
   * @param partition of the topics
   * @param startsAt the first intent to be read if the stores are empty since they were lost, and
   *     somebody said to go on; else 0
   */
  LedgerStores(
      KeyValueStore<String, byte[]> orders,
      KeyValueStore<String, byte[]> settled,
      LedgerSettings settings,
      int partition,
      long startsAt,
      Instant now) {
    this.partition = partition;
    byte[] read = orders.get(POSITIONS);
    this.positions =
        read == null ? ReadPositions.startingAt(startsAt, now) : StateCodec.readPositions(read);
    this.leases = new OpenLeases(orders, partition);
    this.longestCancel =
        settings.check().longestDeadline().plus(settings.rules().answerGrace()).plus(SKEW);
    this.orders = LateStore.of(orders);
    this.settled = settled;
    this.rules = settings.rules();
    this.rememberSettled = settings.rememberSettled();
    this.orderSweep =
        new Sweep(orders, SLICE, rules.rememberOrder().multipliedBy(SLOWER), FIRST_ORDER);
    this.settledSweep = new Sweep(settled, SLICE, rememberSettled);
  }

  OpenLeases leases() {
    return leases;
  }

  LedgerPage order(String key) {
    LedgerPage known = recent.get(key);
    if (known != null) {
      return known;
    }
    LedgerPage page = orders.get(key, LedgerPage.class, StateCodec::ledgerPage);
    return page == null ? LedgerPage.NONE : page;
  }

  void put(String key, LedgerPage page) {
    orders.put(key, LedgerPage.class, page, StateCodec::bytes);
    if (page.ledger().open().isEmpty()) {
      recent.remove(key);
    } else {
      recent.put(key, page);
    }
  }

  /** Every order of which more is kept than settled ids: few, they shrink to those soon. */
  void each(BiConsumer<String, OrderLedger> consumer) {
    try (KeyValueIterator<String, byte[]> all = orders.range(FIRST_ORDER, null)) {
      all.forEachRemaining(
          entry -> {
            if (!StateCodec.onlySettled(entry.value)) {
              consumer.accept(entry.key, StateCodec.ledgerPage(entry.value).ledger());
            }
          });
    }
  }

  /** About how many orders are kept. */
  long orders() {
    return orders.approximateNumEntries();
  }

  /** About how many settled cancelIds are kept beside those in the orders' pages. */
  long settled() {
    return settled.approximateNumEntries();
  }

  /** One that is in no page. */
  Lifecycle.@Nullable Settled settled(String key, String cancelId) {
    byte[] bytes = settled.get(id(key, cancelId));
    return bytes == null ? null : StateCodec.settled(bytes);
  }

  /** What is to be kept of a cancel that is settled now. */
  Lifecycle.Settled settled(Outcome outcome) {
    Cancel cancel = outcome.cancel();
    return new Lifecycle.Settled(
        cancel.digest(),
        outcome.decidedAt(),
        here(cancel) ? positions.coveredBy(cancel.intent()) : -1);
  }

  /** The same, with what was read of its id since. */
  Lifecycle.Settled covering(Cancel cancel, Lifecycle.Settled past) {
    return here(cancel) && cancel.intent().offset() > past.intentOffset()
        ? new Lifecycle.Settled(past.digest(), past.at(), positions.coveredBy(cancel.intent()))
        : past;
  }

  /** Keeps one that is in no page. */
  void remember(String key, String cancelId, Lifecycle.Settled one) {
    settled.put(id(key, cancelId), StateCodec.bytes(one));
  }

  /** Whether a record was read before: offsets were lost or set back. */
  boolean wasRead(Evidence record, Instant appended) {
    return positions.has(record, appended);
  }

  /** The record has been worked in. */
  void read(Evidence record, Instant appended) {
    positions = positions.read(record, appended);
    keepPositions();
  }

  /** Whether a cancel that is neither open nor settled here may have had its outcome. */
  boolean mayHaveForgotten(Cancel cancel) {
    return here(cancel) && positions.mayHaveForgotten(cancel);
  }

  /**
   * Offsets of the intents of this partition that have no outcome yet.
   *
   * @param keys of the orders that have live cancels
   */
  List<Long> live(Set<String> keys) {
    List<Long> live = new ArrayList<>();
    for (String key : keys) {
      for (OpenCancel open : order(key).ledger().open()) {
        if (here(open.cancel())) {
          live.add(open.cancel().intent().offset());
        }
      }
    }
    return live;
  }

  private boolean here(Cancel cancel) {
    return cancel.intent().partition() == partition
        && cancel.intent().topic().equals(Topics.INTENTS);
  }

  /**
   * Looks at the next slice of orders, and forgets those that nothing has happened to for long
   * enough and that have no live cancel, but for their settled ids that are to be recognised still.
   *
   * @param live offsets of the intents here that have no outcome yet; null: nobody knows
   * @return when to look at the one after it
   */
  Instant forgetOrders(Instant now, Supplier<@Nullable List<Long>> live) {
    Instant since = now.minus(rememberSettled);
    leases.forget(now.minus(longestCancel), positions.next(Topics.INTENTS), live);
    return forgetting(
        () -> orderSweep.shrink(now, value -> left(value, now, since), recent::remove));
  }

  private byte @Nullable [] left(byte[] value, Instant now, Instant since) {
    boolean onlyIds = StateCodec.onlySettled(value);
    LedgerPage page = StateCodec.ledgerPage(value);
    if (!onlyIds && !page.ledger().forgettable(now, rules)) {
      return value;
    }
    List<SettledId> left =
        page.settled().stream().filter(one -> !forgettable(one.settled(), since)).toList();
    if (left.isEmpty()) {
      return null;
    }
    return onlyIds && left.size() == page.settled().size()
        ? value
        : StateCodec.bytes(new LedgerPage(OrderLedger.NONE, Map.of(), left));
  }

  /**
   * Looks at the next slice of ids that are in no page, and forgets those that were settled long
   * enough ago.
   *
   * @return when to look at the one after it
   */
  Instant forgetSettled(Instant now) {
    Instant since = now.minus(rememberSettled);
    return forgetting(
        () ->
            settledSweep.next(
                now, value -> forgettable(StateCodec.settled(value), since), _ -> {}));
  }

  /** What is forgotten, and up to where, goes into one transaction. */
  private Instant forgetting(Supplier<Instant> sweep) {
    ReadPositions before = positions;
    Instant next = sweep.get();
    if (!positions.equals(before)) {
      keepPositions();
    }
    return next;
  }

  private void keepPositions() {
    orders.put(POSITIONS, ReadPositions.class, positions, StateCodec::bytes);
  }

  private boolean forgettable(Lifecycle.Settled one, Instant since) {
    if (!one.at().isBefore(since) || !positions.mayForget(Topics.INTENTS, one)) {
      return false;
    }
    positions = positions.forgetting(Topics.INTENTS, one);
    return true;
  }

  private static String id(String key, String cancelId) {
    return key + '\u0000' + cancelId;
  }
}
