package io.countermand.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.client.Problem;
import io.countermand.domain.CancelResult;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ExitCode;

class ExitCodesTest {

  @Test
  void shouldTellEachResultApart() {
    assertThat(
            Stream.concat(
                Arrays.stream(CancelResult.values()).map(ExitCodes::of),
                Stream.of(ExitCodes.of(Problem.NO_OUTCOME), ExitCodes.of(Problem.OTHER))))
        .doesNotHaveDuplicates()
        .doesNotContain(ExitCode.USAGE);
  }

  @Test
  void shouldTellOrdersThatMayBeOpenFromWhatNobodyLookedAt() {
    assertThat(ExitCodes.of(report(MassReport.State.DONE, 0))).isEqualTo(ExitCode.OK);
    assertThat(ExitCodes.of(report(MassReport.State.DONE, 0, "venue v: no order event")))
        .isEqualTo(ExitCodes.NOT_COVERED);
    assertThat(ExitCodes.of(report(MassReport.State.INCOMPLETE, 0, "partition 1")))
        .isEqualTo(ExitCodes.NOT_COVERED);
    assertThat(ExitCodes.of(report(MassReport.State.DONE, 1, "venue v: no order event")))
        .as("the graver of both")
        .isEqualTo(ExitCodes.MAY_BE_OPEN);
    assertThat(ExitCodes.of(report(MassReport.State.REFUSED, 0))).isEqualTo(ExitCode.USAGE);
    assertThat(
            List.of(
                ExitCode.OK,
                ExitCode.SOFTWARE,
                ExitCode.USAGE,
                ExitCodes.NOT_COVERED,
                ExitCodes.MAY_BE_OPEN,
                ExitCodes.NO_REPORT))
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldTellOfADryRunOnlyWhetherAllWasCounted() {
    assertThat(ExitCodes.of(report(true, MassReport.State.DONE, 5))).isEqualTo(ExitCode.OK);
    assertThat(ExitCodes.of(report(true, MassReport.State.DONE, 5, "venue v")))
        .isEqualTo(ExitCodes.NOT_COVERED);
  }

  private static MassReport report(MassReport.State state, int mayBeOpen, String... notCovered) {
    return report(false, state, mayBeOpen, notCovered);
  }

  private static MassReport report(
      boolean dryRun, MassReport.State state, int mayBeOpen, String... notCovered) {
    Instant now = Instant.parse("2026-11-29T12:00:00Z");
    var mass =
        new MassCancel(
            "m", MassScope.of("v", "a"), "ops", "drill", now, dryRun, false, now, false, null);
    return new MassReport(
        mass,
        1,
        state,
        "",
        mayBeOpen,
        0,
        0,
        0,
        Map.of(),
        0,
        mayBeOpen,
        List.of(),
        List.of(notCovered),
        List.of(),
        false,
        now);
  }

  @Test
  void shouldTellTheGravestOfMany() {
    assertThat(ExitCodes.of(List.of(0, 4, 3, 0))).isEqualTo(ExitCodes.PENDING);
    assertThat(ExitCodes.of(List.of(4, 5, 6))).isEqualTo(ExitCodes.NO_OUTCOME);
    assertThat(ExitCodes.of(List.of(0, 0))).isZero();
  }
}
