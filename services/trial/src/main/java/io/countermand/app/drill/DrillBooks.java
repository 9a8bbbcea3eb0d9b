// Over 300 lines: the books and the one reading of them, each question beside the sum that it is
// part of.
package io.countermand.app.drill;

import static java.util.stream.Collectors.groupingBy;

import io.countermand.app.drill.DrillReport.Finding;
import io.countermand.app.drill.DrillReport.Kind;
import io.countermand.app.drill.DrillReport.Venue;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.order.OrdStatus;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.journal.Journal;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.journal.JournalEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The three books of a drill: the mass cancel's report, the outcomes, and the venues' own journal;
 * and what was placed.
 *
 * @param placed open before the mass cancel was asked for
 * @param late placed while its scope froze
 * @param report the newest that came; null: none
 * @param outcomes of the mass cancel
 * @param timeouts for one call, by venue
 * @param sockets venues whose calls share a connection
 */
public record DrillBooks(
    DrillPlan plan,
    DrillReport.Setting setting,
    MassCancel mass,
    List<NewOrder> placed,
    List<NewOrder> late,
    @Nullable MassReport report,
    DrillMassRecords records,
    List<Outcome> outcomes,
    Journal journal,
    Map<String, Duration> timeouts,
    Set<String> sockets,
    List<Kill> kills) {

  /**
   * @param role what was killed
   * @param text when, and what had happened by then
   */
  public record Kill(String role, Instant at, String text) {}

  /** The same, with another journal. */
  public DrillBooks with(Journal other) {
    return new DrillBooks(
        plan, setting, mass, placed, late, report, records, outcomes, other, timeouts, sockets,
        kills);
  }

  /** The same, with other outcomes. */
  public DrillBooks with(List<Outcome> others) {
    return new DrillBooks(
        plan, setting, mass, placed, late, report, records, others, journal, timeouts, sockets,
        kills);
  }

  /** Reads all three. */
  public DrillReport compare() {
    return new Reading(this).all();
  }

  /** One reading of the books. */
  private static final class Reading {

    private final DrillBooks books;
    private final DrillCalls calls;
    private final Map<String, Order> ends = new HashMap<>();
    private final Map<String, List<Outcome>> outcomes;
    private final Set<String> scope;
    private final Map<String, Venue> venues = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();

    Reading(DrillBooks books) {
      this.books = books;
      this.calls =
          new DrillCalls(
              books.journal,
              books.mass.createdAt(),
              books.timeouts,
              books.sockets,
              books.kills.stream().map(Kill::at).toList());
      books.journal.orders().forEach(order -> ends.put(order.ref().key(), order));
      this.outcomes = books.outcomes.stream().collect(groupingBy(o -> o.cancel().order().key()));
      this.scope = new TreeSet<>(books.records.frozen());
    }

    DrillReport all() {
      books.plan.venues().keySet().forEach(venue -> venues.put(venue, Venue.none(venue)));
      scope.forEach(this::inScope);
      Set<String> outside = new TreeSet<>(calls.orders());
      outside.removeAll(scope);
      outside.forEach(
          key ->
              found(
                  Kind.TOUCHED_OUTSIDE,
                  key,
                  calls.cancels(key).size() + " calls, though it was not in the frozen scope"));
      meant();
      Venue total = Venue.none("all");
      for (Venue venue : venues.values()) {
        total = total.and(venue, "all");
      }
      sums(total);
      DrillReport.MassSays says = says();
      return DrillVerdict.of(
          books,
          says,
          List.copyOf(venues.values()),
          total,
          times(),
          findings,
          differences,
          newOrders(),
          calls.faults());
    }

    private void inScope(String key) {
      List<Outcome> its = outcomes.getOrDefault(key, List.of());
      Order end = ends.get(key);
      boolean open = end != null && end.open();
      Outcome outcome = its.isEmpty() ? null : its.getLast();
      if (its.size() != 1) {
        found(Kind.NOT_ONE_OUTCOME, key, its.size() + " outcomes");
      }
      if (end != null && open) {
        found(
            Kind.SURVIVOR,
            key,
            "open at the venue, " + end.status() + ", after " + cancels(key) + " calls");
      } else if (outcome != null && end != null && untrue(outcome, end.status())) {
        found(Kind.UNTRUE_OUTCOME, key, "at the venue it is " + end.status());
      }
      List<JournalCall> without = calls.withoutCause(key);
      if (!without.isEmpty()) {
        found(
            Kind.DOUBLED_CALL,
            key,
            cancels(key)
                + " calls; not one before that of "
                + without.getFirst().received().at()
                + " had lost its answer");
      }
      String venue = key.substring(0, key.indexOf('/'));
      Venue row = venues.getOrDefault(venue, Venue.none(venue));
      venues.put(venue, row.and(row(key, outcome, without.size(), open), venue));
    }

    private int cancels(String key) {
      return calls.cancels(key).size();
    }

    private Venue row(String key, @Nullable Outcome outcome, int doubled, boolean open) {
      CancelResult result = outcome == null ? null : outcome.result();
      boolean filled = outcome != null && outcome.reason() == Reason.ORDER_FILLED;
      int all = cancels(key);
      return new Venue(
          key,
          1,
          all,
          Math.max(0, all - 1 - doubled),
          doubled,
          calls.questions(key),
          one(result == CancelResult.CANCELED),
          one(result == CancelResult.REJECTED && filled),
          one(result == CancelResult.REJECTED && !filled),
          one(result == CancelResult.PENDING),
          one(result == CancelResult.UNRESOLVED),
          one(result == null),
          one(open));
    }

    private static int one(boolean is) {
      return is ? 1 : 0;
    }

    private static boolean untrue(Outcome outcome, OrdStatus end) {
      return switch (outcome.result()) {
        case CANCELED -> end != OrdStatus.CANCELED;
        case REJECTED ->
            (outcome.reason() == Reason.ORDER_FILLED && end != OrdStatus.FILLED)
                || (outcome.reason() == Reason.ORDER_CANCELED && end != OrdStatus.CANCELED);
        case PENDING, UNRESOLVED -> false;
      };
    }

    private void found(Kind kind, String key, String text) {
      List<Outcome> its = outcomes.getOrDefault(key, List.of());
      String outcome = its.isEmpty() ? null : its.getLast().result() + " " + its.getLast().reason();
      findings.add(new Finding(kind, key, outcome, text));
    }

    /** What was placed, held against the frozen scope. */
    private void meant() {
      Set<String> known = new HashSet<>();
      for (NewOrder order : books.placed) {
        String key = order.ref().key();
        known.add(key);
        boolean in = DrillOrders.in(books.mass.scope(), order);
        Order end = ends.get(key);
        if (in && !scope.contains(key)) {
          boolean open = end != null && end.open();
          found(open ? Kind.SURVIVOR : Kind.MISSED, key, "never in the frozen scope");
        }
        if (!in && scope.contains(key)) {
          found(Kind.TOUCHED_OUTSIDE, key, "in the frozen scope, which does not mean it");
        }
      }
      books.late.forEach(order -> known.add(order.ref().key()));
      for (String key : scope) {
        if (!known.contains(key)) {
          differences.add("in the frozen scope, though the drill has not placed it: " + key);
        }
      }
      for (String key : outcomes.keySet()) {
        if (!scope.contains(key)) {
          differences.add("an outcome of an order that is not in the frozen scope: " + key);
        }
      }
    }

    private void sums(Venue total) {
      MassReport report = books.report;
      if (report == null) {
        differences.add("no report came");
        return;
      }
      same("in scope", report.total(), total.inScope());
      same("cancelled", report.canceled(), total.canceled());
      same("pending", report.pending(), total.pending());
      same("unresolved", report.unresolved(), total.unresolved());
      same("without outcome", report.waiting(), total.noOutcome());
      int filled = report.rejected().getOrDefault(Reason.ORDER_FILLED, 0);
      same("filled before", filled, total.filledBefore());
      same("rejected otherwise", rejected(report) - filled, total.rejected());
      int parts =
          report.canceled()
              + report.pending()
              + report.unresolved()
              + report.waiting()
              + rejected(report);
      if (parts != report.total()) {
        differences.add(
            "the report's parts are %d, and its total %d".formatted(parts, report.total()));
      }
      int accounts = report.accounts().stream().mapToInt(MassReport.Account::total).sum();
      if (accounts != report.total()) {
        differences.add(
            "the report's accounts are %d, and its total %d".formatted(accounts, report.total()));
      }
    }

    private void same(String what, int report, int counted) {
      if (report != counted) {
        differences.add(
            "%s: %d by the report, %d by the outcomes".formatted(what, report, counted));
      }
    }

    private static int rejected(MassReport report) {
      return report.rejected().values().stream().mapToInt(Integer::intValue).sum();
    }

    private DrillReport.MassSays says() {
      MassReport report = books.report;
      return report == null
          ? new DrillReport.MassSays("NONE", 0, 0, 0, 0, 0, 0, 0)
          : new DrillReport.MassSays(
              report.state().name(),
              report.total(),
              report.canceled(),
              report.pending(),
              report.unresolved(),
              rejected(report),
              report.waiting(),
              report.mayBeOpen());
    }

    private DrillReport.Times times() {
      List<Instant> first = new ArrayList<>();
      List<Instant> over = new ArrayList<>();
      for (String key : scope) {
        calls.cancels(key).stream().findFirst().ifPresent(c -> first.add(c.received().at()));
      }
      for (JournalEntry entry : books.journal.since(1, Integer.MAX_VALUE)) {
        if (entry instanceof JournalEntry.Changed changed
            && !changed.order().open()
            && scope.contains(changed.order().ref().key())) {
          over.add(changed.at());
        }
      }
      MassReport report = books.report;
      List<Instant> decided = books.outcomes.stream().map(Outcome::decidedAt).toList();
      return new DrillReport.Times(
          after(books.records.frozenAt()),
          after(first.stream().min(Instant::compareTo).orElse(null)),
          after(first.stream().max(Instant::compareTo).orElse(null)),
          after(over.stream().max(Instant::compareTo).orElse(null)),
          after(decided.stream().max(Instant::compareTo).orElse(null)),
          after(report == null || !report.last() ? null : report.at()));
    }

    /** The broker's time has milliseconds, so more than these is not known. */
    private @Nullable Double after(@Nullable Instant at) {
      return at == null
          ? null
          : Math.max(0, (double) (at.toEpochMilli() - books.records.logged().toEpochMilli()));
    }

    private DrillReport.NewOrders newOrders() {
      int in = 0;
      int open = 0;
      for (NewOrder order : books.late) {
        Order end = ends.get(order.ref().key());
        if (scope.contains(order.ref().key())) {
          in++;
        } else if (end != null && end.open()) {
          open++;
        }
      }
      return new DrillReport.NewOrders(books.late.size(), in, open);
    }
  }
}
