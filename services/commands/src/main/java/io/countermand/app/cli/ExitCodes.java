package io.countermand.app.cli;

import io.countermand.client.Problem;
import io.countermand.domain.CancelResult;
import io.countermand.domain.mass.MassReport;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.ExitCode;

/** What a script learns of a cancel, or of a mass cancel; 2 is a wrong call. */
public final class ExitCodes {

  static final int CANCELED = ExitCode.OK;
  static final int FAILED = ExitCode.SOFTWARE;
  static final int PENDING = 3;
  public static final int REJECTED = 4;
  static final int UNRESOLVED = 5;
  static final int NO_OUTCOME = 6;

  /** Nothing is known to be open, but a part of the scope was not looked at. */
  public static final int NOT_COVERED = 3;

  public static final int MAY_BE_OPEN = 5;

  /** Asked for, and no last report came in time. */
  public static final int NO_REPORT = 6;

  /** Of several cancels: the one that most needs a look. */
  private static final List<Integer> GRAVEST =
      List.of(FAILED, NO_OUTCOME, UNRESOLVED, PENDING, REJECTED, CANCELED);

  private ExitCodes() {}

  public static int of(CancelResult result) {
    return switch (result) {
      case CANCELED -> CANCELED;
      case PENDING -> PENDING;
      case REJECTED -> REJECTED;
      case UNRESOLVED -> UNRESOLVED;
    };
  }

  public static int of(Problem problem) {
    return problem == Problem.NO_OUTCOME ? NO_OUTCOME : FAILED;
  }

  /**
   * @param report the last one; of a dry run only whether all of the scope was counted
   */
  public static int of(MassReport report) {
    if (report.state() == MassReport.State.REFUSED) {
      return ExitCode.USAGE;
    }
    if (report.mayBeOpen() > 0 && !report.mass().dryRun()) {
      return MAY_BE_OPEN;
    }
    boolean all = report.state() == MassReport.State.DONE && report.notCovered().isEmpty();
    return all ? ExitCode.OK : NOT_COVERED;
  }

  public static int of(Collection<Integer> codes) {
    return GRAVEST.stream().filter(codes::contains).findFirst().orElse(CANCELED);
  }
}
