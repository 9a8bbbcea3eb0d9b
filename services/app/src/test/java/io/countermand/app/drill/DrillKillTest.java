package io.countermand.app.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.Countermand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes, killed in the middle, as the command does it. */
@Tag("long")
@Tag("alone")
class DrillKillTest {

  @TempDir private Path data = Path.of(".");

  @ParameterizedTest
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  @ValueSource(strings = {"desk-kill", "ledger-kill", "broker-kill"})
  void shouldBeFlatAlthoughAPartWasKilled(String kill) throws Exception {
    // Given
    Path file = data.resolve("report.json");
    // When
    int code =
        Countermand.commandLine()
            .execute(
                "drill",
                "--orders=300",
                "--rates=lifted",
                "--venues=cadenza,crosstrade",
                "--faults=" + kill + ",lost-answers=10%,slow=100ms",
                "--data=" + data.resolve("drill"),
                "--report=" + file);
    // Then
    JsonNode report = new ObjectMapper().readTree(Files.readString(file));
    assertThat(report.path("kills")).as("else nothing was tried").hasSize(1);
    assertThat(report.path("total").path("survivors").intValue()).isZero();
    assertThat(report.path("total").path("inScope").intValue()).isEqualTo(300);
    assertThat(report.path("orders")).as(report.toPrettyString()).isEmpty();
    assertThat(code).isZero();
  }
}
