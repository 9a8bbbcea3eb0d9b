package io.countermand.app.drill;

import io.countermand.app.drill.DrillReport.Finding;
import io.countermand.app.drill.DrillReport.Setting;
import io.countermand.app.drill.DrillReport.Times;
import io.countermand.app.drill.DrillReport.Venue;
import io.countermand.app.drill.ReportSheet.Bullets;
import io.countermand.app.drill.ReportSheet.Heading;
import io.countermand.app.drill.ReportSheet.Mood;
import io.countermand.app.drill.ReportSheet.Part;
import io.countermand.app.drill.ReportSheet.Table;
import io.countermand.app.drill.ReportSheet.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A drill's report in words, for the file: one page. */
final class DrillSheet {

  /** More would not be one page; the JSON has all. */
  private static final int MOST = 20;

  private final DrillReport report;
  private final List<Part> parts = new ArrayList<>();

  private DrillSheet(DrillReport report) {
    this.report = report;
  }

  static ReportSheet of(DrillReport report) {
    var page = new DrillSheet(report);
    page.all();
    Mood mood =
        switch (report.exitCode()) {
          case 0 -> Mood.GOOD;
          case 3 -> Mood.GAPS;
          default -> Mood.BAD;
        };
    return new ReportSheet("Kill drill", mood, report.verdict(), List.copyOf(page.parts));
  }

  private void all() {
    head();
    heading("What was asked, and what was made to go wrong");
    asked();
    heading("By venue");
    venues();
    heading("Times");
    times();
    heading("The three books");
    books();
    findings();
    heading("What this drill does not show");
    parts.add(new Bullets(report.notShown()));
  }

  private void head() {
    Setting setting = report.setting();
    String commit = setting.commit();
    text(
        "Asked for by %s; in the log at %s. %s, %s; %s.",
        report.asked().by(),
        report.asked().at(),
        setting.version(),
        commit == null ? "commit not known" : "commit " + commit,
        setting.machine());
  }

  private void asked() {
    Setting setting = report.setting();
    List<String> lines = new ArrayList<>();
    lines.add(
        "Cancel %s; reason \"%s\"; no call later than %s after it. Id %s. Venues whose cancel closes the position, too, were included: here they hold none."
            .formatted(
                report.asked().scope(),
                report.asked().reason(),
                report.asked().within(),
                report.asked().massId()));
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d orders were open, at %s; rates: %s.",
            setting.orders(),
            String.join(", ", setting.venues()),
            setting.rates().equals("lifted") ? "lifted" : "the venues' own"));
    lines.add(
        "Faults asked for: %s; seed %d. Calls that met one, by the venues' journal: %s."
            .formatted(
                setting.faults(),
                setting.seed(),
                report.faultsMet().isEmpty()
                    ? "none"
                    : String.join(
                        ", ",
                        report.faultsMet().entrySet().stream()
                            .map(one -> one.getKey() + " " + one.getValue())
                            .toList())));
    if (setting.faults().contains("-kill")) {
      lines.addAll(
          report.kills().isEmpty()
              ? List.of("Nothing was killed: all was over before a quarter had been called for.")
              : report.kills());
    }
    if (setting.newOrdersPerSecond() > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%,d orders opened while the scope froze: %,d got into it; of the others %,d are open,"
                  + " as a mass cancel does not mean them (a kill switch does).",
              report.newOrders().placed(),
              report.newOrders().inScope(),
              report.newOrders().leftOpen()));
    }
    parts.add(new Bullets(List.copyOf(lines)));
  }

  private void venues() {
    List<List<String>> rows =
        Stream.concat(report.venues().stream(), Stream.of(report.total()))
            .map(DrillSheet::row)
            .toList();
    parts.add(
        new Table(
            List.of(
                "venue",
                "in scope",
                "calls",
                "repeated",
                "cancelled",
                "filled before",
                "rejected",
                "pending",
                "unresolved",
                "survivors"),
            true,
            rows));
    text(
        "In scope is the sum of cancelled, filled before, rejected, pending and unresolved (with %s that"
            + " have no outcome). Repeated: calls again for an order whose answer was lost. Survivors:"
            + " open at the venue in the end, by its own journal.",
        figure(report.total().noOutcome()));
  }

  private static List<String> row(Venue venue) {
    return List.of(
        venue.venue(),
        figure(venue.inScope()),
        figure(venue.calls()),
        figure(venue.repeatedCalls()),
        figure(venue.canceled()),
        figure(venue.filledBefore()),
        figure(venue.rejected()),
        figure(venue.pending()),
        figure(venue.unresolved() + venue.noOutcome()),
        figure(venue.survivors()));
  }

  private void times() {
    Times times = report.times();
    parts.add(
        new Table(
            List.of("after the mass cancel was in the log", "ms"),
            true,
            List.of(
                List.of("scope frozen: every desk has told its part", ms(times.scopeFrozen())),
                List.of("first cancel at a venue", ms(times.firstCall())),
                List.of("each order has had its first call", ms(times.lastFirstCall())),
                List.of("flat: the last order in scope is over", ms(times.lastOrderOver())),
                List.of("last outcome", ms(times.lastOutcome())),
                List.of("last report", ms(times.lastReport())))));
  }

  private void books() {
    DrillReport.MassSays says = report.massReport();
    text(
        "Report (%s): total %,d = cancelled %,d + pending %,d + unresolved %,d + rejected %,d +"
            + " waiting %,d; may be open: %,d.",
        says.state(),
        says.total(),
        says.canceled(),
        says.pending(),
        says.unresolved(),
        says.rejected(),
        says.waiting(),
        says.mayBeOpen());
    text(
        "Held against the outcomes and the venues' journal: survivors %,d, touched outside the scope"
            + " %,d, cancelled twice without cause %,d, untrue outcomes %,d, orders without one"
            + " outcome %,d, missed %,d, differing sums %,d.",
        report.count(DrillReport.Kind.SURVIVOR),
        report.count(DrillReport.Kind.TOUCHED_OUTSIDE),
        report.count(DrillReport.Kind.DOUBLED_CALL),
        report.count(DrillReport.Kind.UNTRUE_OUTCOME),
        report.count(DrillReport.Kind.NOT_ONE_OUTCOME),
        report.count(DrillReport.Kind.MISSED),
        report.differences().size());
  }

  private void findings() {
    if (!report.orders().isEmpty()) {
      heading("Orders that are not as they should be");
      List<List<String>> rows = new ArrayList<>();
      for (Finding one : report.orders().subList(0, Math.min(MOST, report.orders().size()))) {
        String outcome = one.outcome();
        rows.add(
            List.of(
                one.order(),
                DrillVerdict.words(one.kind()),
                outcome == null ? "none" : outcome,
                one.text()));
      }
      parts.add(
          new Table(List.of("order", "what", "its outcome", "the venues' journal"), false, rows));
      more(report.orders().size());
    }
    List<String> lines = new ArrayList<>(report.differences());
    report.notCovered().forEach(one -> lines.add("NOT COVERED: " + one));
    if (!lines.isEmpty()) {
      heading("Differences, and what nobody looked at");
      parts.add(new Bullets(List.copyOf(lines.subList(0, Math.min(MOST, lines.size())))));
      more(lines.size());
    }
  }

  private void more(int size) {
    if (size > MOST) {
      text("%,d more are in the report as JSON.", size - MOST);
    }
  }

  private static String ms(@Nullable Double ms) {
    return ms == null ? "did not happen" : String.format(Locale.ROOT, "%,.0f", ms);
  }

  private static String figure(int n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private void heading(String text) {
    parts.add(new Heading(text));
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is in no dependency of ours
  private void text(String format, Object... values) {
    parts.add(new Text(String.format(Locale.ROOT, format, values)));
  }
}
