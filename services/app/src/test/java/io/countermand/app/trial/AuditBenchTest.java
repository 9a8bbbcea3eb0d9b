package io.countermand.app.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
@Tag("alone")
class AuditBenchTest {

  /** Twelve partitions; DuckDB writes appended rows out by 2,048. */
  private static final int CANCELS = 12 * 3_000;

  @TempDir private Path directory;

  @Test
  void shouldAuditMoreCancelsOfAPartitionThanAreAppendedAtOnce() {
    // Given
    Path out = directory.resolve("report");
    // When
    int code =
        Countermand.commandLine()
            .execute(
                "audit-bench",
                "--cancels",
                Integer.toString(CANCELS),
                "--data",
                directory.resolve("data").toString(),
                "--out",
                out.toString());
    // Then
    assertThat(code).isZero();
    assertThat(Files.isRegularFile(out.resolve("audit.html"))).isTrue();
  }
}
