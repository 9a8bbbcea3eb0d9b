package io.countermand.app.cli;

import io.countermand.client.Problem;
import io.countermand.domain.CancelResult;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.ExitCode;

/** What a script learns of a cancel; 2 is a wrong call. */
public final class ExitCodes {

  static final int CANCELED = ExitCode.OK;
  static final int FAILED = ExitCode.SOFTWARE;
  static final int PENDING = 3;
  public static final int REJECTED = 4;
  static final int UNRESOLVED = 5;
  static final int NO_OUTCOME = 6;

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

  public static int of(Collection<Integer> codes) {
    return GRAVEST.stream().filter(codes::contains).findFirst().orElse(CANCELED);
  }
}
