package io.countermand.app.cancel;

import io.countermand.domain.mass.MassReport;
import io.countermand.kafka.client.SwitchReader;
import java.util.ArrayList;
import java.util.List;

/** A mass cancel's report, and the kill switches, for people. */
final class KillText {

  private static final int MOST_LEFT = 20;

  private KillText() {}

  /**
   * @param released whether those that are off are shown, too
   */
  static List<String> lines(SwitchReader.Found found, boolean released) {
    List<String> lines = new ArrayList<>();
    found.switches().stream()
        .filter(one -> released || one.on())
        .forEach(one -> lines.add(one.words()));
    if (lines.isEmpty() && found.unreadable().isEmpty()) {
      lines.add("no kill switch is on");
    }
    lines.addAll(caveats(found));
    return lines;
  }

  /** What is not known. */
  static List<String> caveats(SwitchReader.Found found) {
    List<String> lines = new ArrayList<>(found.unreadable());
    if (!found.unreadable().isEmpty()) {
      lines.add(
          "so a kill switch may be on that is not shown here. Desks that start pass it over: fire"
              + " it again under another id");
    }
    return lines;
  }

  static List<String> lines(MassReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(report.state() + ": " + report.mass().scope().words() + "; " + report.text());
    if (report.state() == MassReport.State.REFUSED) {
      return lines;
    }
    for (MassReport.Account one : report.accounts()) {
      lines.add(
          "  venue "
              + one.venue()
              + ", account "
              + one.account()
              + ": "
              + one.total()
              + (report.mass().dryRun() ? " open" : " in scope, " + one.canceled() + " cancelled")
              + (one.lastWord() == null ? "" : "; newest order event " + one.lastWord()));
    }
    if (!report.mass().dryRun()) {
      lines.add(
          "  total "
              + report.total()
              + " = canceled "
              + report.canceled()
              + " + pending "
              + report.pending()
              + " + unresolved "
              + report.unresolved()
              + " + waiting "
              + report.waiting()
              + " + rejected "
              + report.rejected());
      report.left().stream()
          .limit(MOST_LEFT)
          .forEach(
              one ->
                  lines.add(
                      "  not cancelled: "
                          + one.order()
                          + " "
                          + (one.result() == null
                              ? "no outcome yet"
                              : one.result() + " " + one.reason())
                          + " (cancelId "
                          + one.cancelId()
                          + ")"));
      if (report.left().size() > MOST_LEFT || report.leftCut()) {
        lines.add("  ... the report on mass-cancel-reports has more");
      }
      lines.add("  may be open: " + report.mayBeOpen());
    }
    report
        .beyond()
        .forEach(
            order ->
                lines.add("  HIT BEYOND THE SCOPE, by a call for all of the account: " + order));
    report
        .beyondUnknown()
        .forEach(
            account ->
                lines.add(
                    "  NOT KNOWN what was hit beyond the scope, by a call for all of the account: "
                        + account));
    report.notCovered().forEach(text -> lines.add("  NOT COVERED: " + text));
    return lines;
  }
}
