package io.countermand.domain.mass;

import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes the scope of a mass cancel from a table of orders: each one that is not certainly over. An
 * order that was taken once stays in it, so what is looked at twice is the union. Not thread-safe.
 *
 * <pre>
 * order is                                     | then
 * ---------------------------------------------+------------------------------
 * certainly over, or does not fit              | not in scope
 * at a venue whose cancel closes the position  | left out, unless asked for
 * not told whether it fits                     | left alone, and said
 * else (open, unknown, disputed)               | in scope
 * </pre>
 */
public final class Freeze {

  /** A megabyte, as long as names may be: a hundred thousand would be no record at all. */
  private static final int MOST_ACCOUNTS = 2_000;

  private static final String OTHERS = "(other accounts)";

  private final MassCancel mass;
  private final Set<String> closing;
  private final Set<String> taken = new HashSet<>();
  private final Set<String> passed = new HashSet<>();
  private final Map<List<String>, AccountSeen> accounts = new LinkedHashMap<>();

  /**
   * @param closing venues where a cancel closes the order's position, too
   */
  public Freeze(MassCancel mass, Set<String> closing) {
    this.mass = mass;
    this.closing = closing;
  }

  public MassCancel mass() {
    return mass;
  }

  /** An account that the table knows; every one, also without open orders. */
  public void account(String venue, String account, @Nullable Instant lastWord) {
    if (mass.scope().reaches(venue, account)) {
      add(new AccountSeen(venue, account, 0, 0, 0, lastWord));
    }
  }

  /** Whether this order is to be cancelled now: it is in scope, and was not taken before. */
  public boolean take(OrderRef order, OrderState state) {
    MassScope.Fit fit = mass.scope().fit(order, state.details());
    String key = order.key();
    if (state.certainlyEnded() || fit == MassScope.Fit.OUT || taken.contains(key)) {
      return false;
    }
    boolean untold = fit == MassScope.Fit.UNTOLD;
    boolean leftOut = !untold && !mass.includingPositionClose() && closing.contains(order.venue());
    if (untold || leftOut) {
      if (passed.add(key)) {
        add(
            new AccountSeen(
                order.venue(), order.account(), 0, leftOut ? 1 : 0, untold ? 1 : 0, null));
      }
      return false;
    }
    taken.add(key);
    add(new AccountSeen(order.venue(), order.account(), 1, 0, 0, null));
    return !mass.dryRun();
  }

  /** Keys of the orders in scope. */
  public List<String> orders() {
    return new ArrayList<>(taken);
  }

  /**
   * Of the accounts: those first of which something lacks, or is oldest. More than a record holds
   * are summed up, venue by venue.
   */
  public List<AccountSeen> accounts() {
    if (accounts.size() <= MOST_ACCOUNTS) {
      return List.copyOf(accounts.values());
    }
    List<AccountSeen> all = new ArrayList<>(accounts.values());
    all.sort(
        Comparator.comparing((AccountSeen one) -> one.leftOut() + one.untold() == 0)
            .thenComparing(
                AccountSeen::lastWord, Comparator.nullsFirst(Comparator.naturalOrder())));
    List<AccountSeen> told = new ArrayList<>(all.subList(0, MOST_ACCOUNTS));
    Map<String, AccountSeen> others = new TreeMap<>();
    for (AccountSeen one : all.subList(MOST_ACCOUNTS, all.size())) {
      var other =
          new AccountSeen(
              one.venue(), OTHERS, one.orders(), one.leftOut(), one.untold(), one.lastWord());
      others.merge(one.venue(), other, AccountSeen::and);
    }
    told.addAll(others.values());
    return List.copyOf(told);
  }

  private void add(AccountSeen seen) {
    accounts.merge(List.of(seen.venue(), seen.account()), seen, AccountSeen::and);
  }
}
