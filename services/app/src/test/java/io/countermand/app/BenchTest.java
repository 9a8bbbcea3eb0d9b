package io.countermand.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.bench.Bench;
import io.countermand.bench.BenchOptions;
import io.countermand.bench.BenchReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the harness works, on the smallest run there is; figures are no matter of tests. */
class BenchTest {

  @TempDir Path data;

  @Test
  void shouldSeeEachIntentCalledAndAnswered() throws Exception {
    // Given
    var options =
        new BenchOptions(
            1,
            List.of("floor"),
            List.of("50"),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            50,
            0,
            1,
            data,
            Countermand.class.getName(),
            null);
    // When
    BenchReport report = Bench.run(options, line -> {}, progress -> {}, () -> false);
    // Then
    assertThat(report.valid()).isTrue();
    assertThat(report.text()).contains("floor");
    assertThat(report.json()).contains("\"Accepted\" : 50");
  }
}
