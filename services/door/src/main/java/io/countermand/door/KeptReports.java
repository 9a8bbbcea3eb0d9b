package io.countermand.door;

import io.countermand.events.MassReport;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The newest report of each mass cancel; bounded by their number and by what stands in them. The
 * one that has changed least lately goes first. Not thread-safe.
 */
final class KeptReports {

  private final int most;
  private final int mostRows;
  private final SequencedMap<String, MassReport> reports = new LinkedHashMap<>();
  private int rows;

  /**
   * @param most mass cancels
   * @param mostRows accounts, orders and lines of all reports; one report alone may have more
   */
  KeptReports(int most, int mostRows) {
    this.most = most;
    this.mostRows = mostRows;
  }

  Optional<MassReport> find(String massId) {
    return Optional.ofNullable(reports.get(massId));
  }

  /** One ledger writes them, in order: what comes last is the newest. */
  void put(MassReport report) {
    String massId = report.getMass().getMassId();
    MassReport before = reports.remove(massId);
    reports.put(massId, report);
    rows += rows(report) - (before == null ? 0 : rows(before));
    while (reports.size() > most || (rows > mostRows && reports.size() > 1)) {
      rows -= rows(reports.pollFirstEntry().getValue());
    }
  }

  private static int rows(MassReport report) {
    return 1
        + report.getAccounts().size()
        + report.getNotCovered().size()
        + report.getLeft().size();
  }
}
