package io.countermand.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.client.Problem;
import io.countermand.domain.CancelResult;
import java.util.Arrays;
import java.util.List;
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
  void shouldTellTheGravestOfMany() {
    assertThat(ExitCodes.of(List.of(0, 4, 3, 0))).isEqualTo(ExitCodes.PENDING);
    assertThat(ExitCodes.of(List.of(4, 5, 6))).isEqualTo(ExitCodes.NO_OUTCOME);
    assertThat(ExitCodes.of(List.of(0, 0))).isZero();
  }
}
