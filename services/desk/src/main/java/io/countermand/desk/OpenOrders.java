package io.countermand.desk;

import io.countermand.codec.StateCodec;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.mass.Freeze;
import io.countermand.domain.mass.OrderKeys;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Which orders of one task's table are not over, by account. In memory, since a store of its own
 * would write two records more for each order; about 150 bytes for each that is open. What an
 * earlier owner left in the table is looked through in slices after the start; whoever needs it
 * earlier waits for the rest. For the task's own thread.
 */
final class OpenOrders {

  /** Some milliseconds: what holds up an intent at most while the table is looked through. */
  private static final int SLICE = 1_000;

  private static final class Account {

    private final OrderRef one;
    private final Set<String> open = new HashSet<>();
    private @Nullable Instant lastWord;

    Account(OrderRef one) {
      this.one = one;
    }
  }

  private final KeyValueStore<String, byte[]> table;
  private final Map<String, Account> accounts = new HashMap<>();
  private @Nullable String cursor = "";

  OpenOrders(KeyValueStore<String, byte[]> table) {
    this.table = table;
  }

  /** The table has another row. */
  void changed(String key, @Nullable OrderState state) {
    Account account = state == null ? null : account(key);
    if (account == null || state == null) {
      return; // no order event yet, or an order by name, of which there are none
    }
    if (account.lastWord == null || state.observedAt().isAfter(account.lastWord)) {
      account.lastWord = state.observedAt();
    }
    if (state.certainlyEnded()) {
      account.open.remove(key);
    } else {
      account.open.add(key);
    }
  }

  /** The table no longer has the row. */
  void forgotten(String key) {
    Account account = accounts.get(prefix(key));
    if (account != null) {
      account.open.remove(key);
    }
  }

  /** Looks at the next slice of what was there before; false: all is known. */
  boolean build() {
    if (cursor == null) {
      return false;
    }
    int seen = 0;
    try (KeyValueIterator<String, byte[]> rows = table.range(cursor, null)) {
      while (rows.hasNext() && seen++ < SLICE) {
        KeyValue<String, byte[]> row = rows.next();
        cursor = row.key;
        changed(row.key, StateCodec.deskOrder(row.value).order());
      }
      if (!rows.hasNext()) {
        cursor = null;
      }
    }
    return cursor != null;
  }

  /** The orders that the mass cancel takes now, of all that are open. */
  List<OrderRef> take(Freeze freeze) {
    while (build()) {
      // the rest of it
    }
    List<OrderRef> taken = new ArrayList<>();
    for (Account account : accounts.values()) {
      OrderRef one = account.one;
      if (!freeze.mass().scope().reaches(one.venue(), one.account())) {
        continue;
      }
      freeze.account(one.venue(), one.account(), account.lastWord);
      for (String key : account.open) {
        byte[] row = table.get(key);
        DeskOrder order = row == null ? DeskOrder.NONE : StateCodec.deskOrder(row);
        OrderRef ref = OrderKeys.parse(key);
        if (order.order() != null && ref != null && freeze.take(ref, order.order())) {
          taken.add(ref);
        }
      }
    }
    return taken;
  }

  private @Nullable Account account(String key) {
    String prefix = prefix(key);
    Account known = accounts.get(prefix);
    if (known == null) {
      OrderRef one = OrderKeys.parse(key);
      if (one != null) {
        known = new Account(one);
        accounts.put(prefix, known);
      }
    }
    return known;
  }

  private static String prefix(String key) {
    int venue = key.indexOf('/');
    int account = venue < 0 ? -1 : key.indexOf('/', venue + 1);
    return account < 0 ? key : key.substring(0, account);
  }
}
