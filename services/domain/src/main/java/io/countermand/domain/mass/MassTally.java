// Over 300 lines: the sums of one report, which must agree with each other.
package io.countermand.domain.mass;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.order.OrderRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sums up a mass cancel from its parts, which come in any order and may come twice. An order is in
 * the scope once a desk has told it, or it has an outcome. Not thread-safe.
 */
public final class MassTally {

  /** After its deadline every cancel has its outcome within this, while a ledger runs. */
  public static final Duration GRACE = Duration.ofSeconds(30);

  /** A record of a report holds no more. */
  static final int MOST_LEFT = 500;

  /** What ends an order otherwise: rejected for these, it is not open. */
  private static final Set<Reason> OVER =
      EnumSet.of(
          Reason.ORDER_FILLED,
          Reason.ORDER_CANCELED,
          Reason.ORDER_REJECTED,
          Reason.ORDER_EXPIRED,
          Reason.ORDER_NOT_OPEN);

  private record Place(int partition, Set<String> venues) {}

  private final MassCancel mass;
  private final Instant deadline;
  private final int partitions;
  private final Set<String> venues;
  private final Map<Place, MassPart.Frozen> frozen = new HashMap<>();
  private final Map<String, MassPart.@Nullable Settled> orders = new TreeMap<>();
  private final Map<String, MassPart.Bulk> bulks = new TreeMap<>(); // by the call's id

  /**
   * @param partitions each of which tells its scope
   * @param venues all that are configured
   */
  public MassTally(MassCancel mass, Instant deadline, int partitions, Set<String> venues) {
    this.mass = mass;
    this.deadline = deadline;
    this.partitions = partitions;
    this.venues = Set.copyOf(venues);
  }

  public MassCancel mass() {
    return mass;
  }

  /** When it is incomplete, if it is not done by then. */
  public Instant overdueAt() {
    return deadline.plus(GRACE);
  }

  /**
   * Whether it changes the sums. Of one that stays on, the scope is frozen once all have told it:
   * orders that open later are none of it, neither by their outcomes nor where a desk that begins
   * anew tells its part once more.
   */
  public boolean heard(MassPart part) {
    boolean known = part instanceof MassPart.Settled one && orders.containsKey(one.order());
    if (mass.keep() && !known && !(part instanceof MassPart.Bulk) && missing().isEmpty()) {
      return false;
    }
    if (part instanceof MassPart.Bulk one && saysMore(bulks.get(one.callId()), one)) {
      return false;
    }
    restore(part);
    return true;
  }

  /** One that was heard before, in any order. */
  public void restore(MassPart part) {
    switch (part) {
      case MassPart.Frozen one -> {
        one.orders().forEach(key -> orders.putIfAbsent(key, null));
        if (one.last()) {
          // Read again later, the command is late: what was looked at in time stays so.
          frozen.merge(
              new Place(one.partition(), one.venues()),
              one,
              (before, now) -> now.late() && !before.late() ? before : now);
        }
      }
      case MassPart.Settled one -> orders.put(one.order(), one);
      case MassPart.Bulk one ->
          bulks.merge(one.callId(), one, (before, now) -> saysMore(before, now) ? before : now);
    }
  }

  /** Whether what was told before says more: what a call did, not only that it is made. */
  private static boolean saysMore(MassPart.@Nullable Bulk before, MassPart.Bulk now) {
    return before != null && before.told() && !now.told();
  }

  /** The orders that are in scope as far as told. */
  public Set<String> orders() {
    return Set.copyOf(orders.keySet());
  }

  /**
   * @param number of this report
   */
  public MassReport report(int number, Instant now) {
    Map<CancelResult, Integer> by = new EnumMap<>(CancelResult.class);
    Map<Reason, Integer> rejected = new EnumMap<>(Reason.class);
    List<MassReport.Left> left = new ArrayList<>();
    int waiting = 0;
    int over = 0;
    for (var order : orders.entrySet()) {
      MassPart.Settled settled = order.getValue();
      if (settled == null) {
        waiting++;
        left.add(
            new MassReport.Left(
                order.getKey(), MassIntents.cancelId(mass.massId(), order.getKey()), null, null));
        continue;
      }
      by.merge(settled.result(), 1, Integer::sum);
      if (settled.result() == CancelResult.REJECTED) {
        rejected.merge(settled.reason(), 1, Integer::sum);
      }
      if (settled.result() != CancelResult.CANCELED) {
        over += isOver(settled) ? 1 : 0;
        left.add(
            new MassReport.Left(
                order.getKey(), settled.cancelId(), settled.result(), settled.reason()));
      }
    }
    int canceled = by.getOrDefault(CancelResult.CANCELED, 0);
    Collection<AccountSeen> seen = seen();
    int total = orders.size();
    if (mass.dryRun()) {
      total = seen.stream().mapToInt(AccountSeen::orders).sum();
      waiting = total;
    }
    List<String> missing = missing();
    boolean done = missing.isEmpty() && (waiting == 0 || mass.dryRun());
    MassReport.State state =
        done
            ? MassReport.State.DONE
            : !now.isBefore(overdueAt())
                ? MassReport.State.INCOMPLETE
                : missing.isEmpty() ? MassReport.State.RUNNING : MassReport.State.FREEZING;
    List<String> notCovered =
        new ArrayList<>(Coverage.lacks(mass, venues, seen, missing.isEmpty()));
    frozen.values().stream()
        .filter(MassPart.Frozen::late)
        .map(
            one ->
                "partition "
                    + one.partition()
                    + ": order events were not read in time"
                    + released())
        .sorted()
        .forEach(notCovered::add);
    notCovered.addAll(missing);
    return new MassReport(
        mass,
        number,
        state,
        words(state, total, canceled, missing)
            + (mass.keep() ? "; it stays on until it is released" : ""),
        total,
        canceled,
        by.getOrDefault(CancelResult.PENDING, 0),
        by.getOrDefault(CancelResult.UNRESOLVED, 0),
        rejected,
        waiting,
        total - canceled - over,
        shown(accounts(seen)),
        shownNotCovered(notCovered),
        List.copyOf(left.subList(0, Math.min(left.size(), MOST_LEFT))),
        left.size() > MOST_LEFT,
        shown(
            bulks.values().stream()
                .flatMap(one -> one.beyond().stream())
                .filter(order -> !orders.containsKey(order))
                .distinct()
                .sorted()
                .toList()),
        shown(
            bulks.values().stream()
                .filter(one -> !one.told())
                .map(one -> one.venue() + "/" + one.account())
                .distinct()
                .sorted()
                .toList()),
        now);
  }

  /** Which of the two it was, a desk does not tell. */
  private String released() {
    return mass.keep() ? ", or it was released before" : "";
  }

  private static <T> List<T> shown(List<T> all) {
    return List.copyOf(all.subList(0, Math.min(all.size(), MOST_LEFT)));
  }

  /** Never empty where something is not covered. */
  private static List<String> shownNotCovered(List<String> all) {
    if (all.size() <= MOST_LEFT) {
      return all;
    }
    List<String> some = new ArrayList<>(all.subList(0, MOST_LEFT));
    some.add((all.size() - MOST_LEFT) + " more are not shown");
    return some;
  }

  private static boolean isOver(MassPart.Settled settled) {
    return settled.result() == CancelResult.REJECTED && OVER.contains(settled.reason());
  }

  private String words(MassReport.State state, int total, int canceled, List<String> missing) {
    String orders = total == 1 ? "1 order" : total + " orders";
    return switch (state) {
      case FREEZING -> "taken; " + missing.size() + " parts have not told their scope yet";
      case RUNNING -> orders + " in scope, " + canceled + " cancelled";
      case DONE ->
          mass.dryRun()
              ? orders + " would be cancelled"
              : orders + " in scope, " + canceled + " cancelled; each has its outcome";
      case INCOMPLETE, REFUSED ->
          "its time is over: " + orders + " known in scope, " + canceled + " cancelled";
    };
  }

  /** Which partition has not told the scope of which venue; empty: all have. */
  private List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      Set<String> told = new HashSet<>();
      boolean any = false;
      for (MassPart.Frozen one : frozen.values()) {
        if (one.partition() == partition) {
          any = true;
          told.addAll(one.venues());
        }
      }
      Set<String> lacking = new HashSet<>(venues);
      lacking.removeIf(venue -> !mass.scope().reaches(venue));
      lacking.removeAll(told);
      if (!any || !lacking.isEmpty()) {
        missing.add(
            "partition "
                + partition
                + ": no desk has told its scope"
                + (any ? " of " + lacking.stream().sorted().toList() : ""));
      }
    }
    return missing;
  }

  private Collection<AccountSeen> seen() {
    Map<List<String>, AccountSeen> all = new HashMap<>();
    for (MassPart.Frozen one : frozen.values()) {
      one.accounts()
          .forEach(
              seen -> all.merge(List.of(seen.venue(), seen.account()), seen, AccountSeen::and));
    }
    return all.values();
  }

  private List<MassReport.Account> accounts(Collection<AccountSeen> seen) {
    Map<List<String>, int[]> counts = new HashMap<>();
    for (var order : orders.entrySet()) {
      OrderRef ref = OrderKeys.parse(order.getKey());
      if (ref != null) {
        int[] count = counts.computeIfAbsent(List.of(ref.venue(), ref.account()), _ -> new int[2]);
        MassPart.Settled settled = order.getValue();
        count[0]++;
        count[1] += settled != null && settled.result() == CancelResult.CANCELED ? 1 : 0;
      }
    }
    Map<List<String>, AccountSeen> known = new TreeMap<>(Comparator.comparing(String::valueOf));
    counts.keySet().forEach(k -> known.put(k, new AccountSeen(k.get(0), k.get(1), 0, 0, 0, null)));
    seen.forEach(one -> known.merge(List.of(one.venue(), one.account()), one, AccountSeen::and));
    List<MassReport.Account> accounts = new ArrayList<>();
    known.forEach(
        (where, one) -> {
          int[] count = counts.getOrDefault(where, new int[2]);
          accounts.add(
              new MassReport.Account(
                  one.venue(),
                  one.account(),
                  mass.dryRun() ? one.orders() : count[0],
                  count[1],
                  one.leftOut(),
                  one.untold(),
                  one.lastWord()));
        });
    return accounts;
  }
}
