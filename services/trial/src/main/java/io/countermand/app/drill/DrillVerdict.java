package io.countermand.app.drill;

import io.countermand.app.cli.ExitCodes;
import io.countermand.app.drill.DrillReport.Finding;
import io.countermand.app.drill.DrillReport.Kind;
import io.countermand.app.drill.DrillReport.MassSays;
import io.countermand.app.drill.DrillReport.Times;
import io.countermand.app.drill.DrillReport.Venue;
import io.countermand.domain.mass.MassReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ExitCode;

/** What the books come to, in one sentence and an exit code. */
final class DrillVerdict {

  /** Flat, but the books differ, or a call was made that had no cause. */
  static final int DIFFERS = 4;

  private static final List<String> NOT_SHOWN =
      List.of(
          "The venues were simulated on the same machine: how fast and how a real venue answers, and"
              + " what it does on a day on which everybody cancels, a drill cannot know.",
          "The orders were the drill's own. It says nothing of orders whose events do not reach"
              + " Countermand, in your own set-up.",
          "Brokers, registry, desk and ledger ran on one machine, started for this. Your own"
              + " cluster's replication, network and rights were not tried.",
          "One mass cancel was tried, with these faults and this seed. Others are other drills.");

  private DrillVerdict() {}

  static DrillReport of(
      DrillBooks books,
      MassSays says,
      List<Venue> venues,
      Venue total,
      Times times,
      List<Finding> findings,
      List<String> differences,
      DrillReport.NewOrders newOrders,
      Map<String, Integer> faults) {
    MassReport report = books.report();
    boolean last = report != null && report.last();
    List<String> notCovered = report == null ? List.of() : report.notCovered();
    long survivors = findings.stream().filter(one -> one.kind() == Kind.SURVIVOR).count();
    boolean flat = last && survivors == 0 && says.mayBeOpen() == 0;
    boolean differs = !differences.isEmpty() || findings.size() > survivors;
    int code =
        survivors > 0
            ? ExitCodes.MAY_BE_OPEN
            : !last
                ? ExitCodes.NO_REPORT
                : says.mayBeOpen() > 0
                    ? ExitCodes.MAY_BE_OPEN
                    : differs
                        ? DIFFERS
                        : !notCovered.isEmpty()
                                || !says.state().equals(MassReport.State.DONE.name())
                            ? ExitCodes.NOT_COVERED
                            : ExitCode.OK;
    DrillPlan plan = books.plan();
    return new DrillReport(
        sentence(code, survivors, says, total, times, findings, differences, notCovered),
        code,
        flat,
        new DrillReport.Asked(
            plan.by(),
            books.records().logged().toString(),
            books.mass().massId(),
            plan.scope().words(),
            plan.reason(),
            words(plan.within())),
        books.setting(),
        venues,
        total,
        times,
        says,
        List.copyOf(findings),
        List.copyOf(differences),
        notCovered,
        newOrders,
        faults,
        books.kills().stream().map(DrillBooks.Kill::text).toList(),
        NOT_SHOWN);
  }

  private static String sentence(
      int code,
      long survivors,
      MassSays says,
      Venue total,
      Times times,
      List<Finding> findings,
      List<String> differences,
      List<String> notCovered) {
    String orders = number(total.inScope(), "order");
    String over = "all " + orders + " in scope are over at the venues" + within(times);
    return switch (code) {
      case ExitCode.OK -> "FLAT: " + over + ", and report, outcomes and the venues' journal agree.";
      case ExitCodes.NOT_COVERED ->
          "FLAT as far as was looked at: " + over + "; not covered: " + notCovered.size() + ".";
      case DIFFERS ->
          "FLAT, BUT NOT AS IT SHOULD BE: " + over + ", and " + wrong(findings, differences) + ".";
      case ExitCodes.NO_REPORT ->
          "NOT KNOWN: no last report came in time; the venues' journal shows none of the "
              + orders
              + " in scope open.";
      default ->
          survivors > 0
              ? "NOT FLAT: %s open at the venues, of %s in scope%s."
                  .formatted(
                      survivors == 1 ? "1 order is" : "%,d orders are".formatted(survivors),
                      orders,
                      findings.size() > survivors || !differences.isEmpty()
                          ? "; also, " + wrong(findings, differences)
                          : "")
              : "NOT KNOWN TO BE FLAT: by the report %,d of %s may be open; the venues' journal shows"
                      .formatted(says.mayBeOpen(), orders)
                  + " none open.";
    };
  }

  private static String within(Times times) {
    Double over = times.lastOrderOver();
    return over == null
        ? ""
        : String.format(Locale.ROOT, " %,.2f s after the mass cancel was in the log", over / 1000);
  }

  private static String wrong(List<Finding> findings, List<String> differences) {
    List<String> parts = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      long n = findings.stream().filter(one -> one.kind() == kind).count();
      if (n > 0 && kind != Kind.SURVIVOR) {
        parts.add("%,d %s".formatted(n, words(kind)));
      }
    }
    if (!differences.isEmpty()) {
      parts.add("%,d differences between the books".formatted(differences.size()));
    }
    return String.join(", ", parts);
  }

  /** For people; of one order or several. */
  static String words(Kind kind) {
    return switch (kind) {
      case SURVIVOR -> "open at the venue";
      case TOUCHED_OUTSIDE -> "touched outside the scope";
      case DOUBLED_CALL -> "cancelled twice without cause";
      case UNTRUE_OUTCOME -> "with an untrue outcome";
      case NOT_ONE_OUTCOME -> "without an outcome, or with more than one";
      case MISSED -> "missed by the frozen scope";
    };
  }

  private static String number(long n, String what) {
    return n == 1 ? "1 " + what : String.format(Locale.ROOT, "%,d %ss", n, what);
  }

  private static String words(Duration time) {
    return io.countermand.app.config.ValueParsers.show(time);
  }
}
