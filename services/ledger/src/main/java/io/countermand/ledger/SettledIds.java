package io.countermand.ledger;

import io.countermand.codec.SettledId;
import io.countermand.domain.Cancel;
import io.countermand.domain.Outcome;
import io.countermand.domain.lifecycle.Lifecycle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settled cancels of one order while a record is worked in. The last ones are in the order's
 * page, which is written with their outcome anyway; those before them in a store of their own, so
 * that an order with thousands does not grow with each.
 */
final class SettledIds {

  /** So many are in the page. */
  static final int IN_PAGE = 8;

  private final LedgerStores books;
  private final String key;
  private final List<SettledId> inPage;

  SettledIds(LedgerStores books, String key, List<SettledId> inPage) {
    this.books = books;
    this.key = key;
    this.inPage = new ArrayList<>(inPage);
  }

  Lifecycle.@Nullable Settled find(String cancelId) {
    for (SettledId one : inPage) {
      if (one.cancelId().equals(cancelId)) {
        return one.settled();
      }
    }
    return books.settled(key, cancelId);
  }

  void settle(Outcome outcome) {
    Cancel cancel = outcome.cancel();
    inPage.removeIf(one -> one.cancelId().equals(cancel.cancelId()));
    inPage.add(new SettledId(cancel.cancelId(), books.settled(outcome)));
    if (inPage.size() > IN_PAGE) {
      SettledId oldest = inPage.removeFirst();
      books.remember(key, oldest.cancelId(), oldest.settled());
    }
  }

  /** Another intent with a settled cancelId was read or decided: it is forgotten with the first. */
  void repeated(Cancel cancel, Lifecycle.Settled past) {
    Lifecycle.Settled now = books.covering(cancel, past);
    if (now.equals(past)) {
      return;
    }
    for (int i = 0; i < inPage.size(); i++) {
      if (inPage.get(i).cancelId().equals(cancel.cancelId())) {
        inPage.set(i, new SettledId(cancel.cancelId(), now));
        return;
      }
    }
    books.remember(key, cancel.cancelId(), now);
  }

  /** Those for the page, oldest first. */
  List<SettledId> inPage() {
    return List.copyOf(inPage);
  }
}
