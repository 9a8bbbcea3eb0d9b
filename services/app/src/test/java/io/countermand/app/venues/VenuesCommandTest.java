package io.countermand.app.venues;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class VenuesCommandTest {

  private final Pipeline pipeline;

  VenuesCommandTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** These simulated venues name none, which is not to say that there are none. */
  @Test
  void shouldSayWhichAccountsAVenueTells() {
    var out = new StringWriter();
    // When
    int code =
        Countermand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute("venues", "--config", pipeline.stack().configFile().toString());
    // Then
    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString().lines().map(String::strip))
        .filteredOn(line -> line.startsWith("accounts: "))
        .as("of CrossTrade by both ways; Tradovate's want a login")
        .hasSize(2)
        .allMatch(line -> line.equals("accounts: none are named; there may be others"));
  }

  @Test
  void shouldMeasureWhatBecameOfTheCancelsThatVenuesTook() {
    // Given one that the reply confirms, and one that an order event does
    pipeline.cancel(Pipeline.patient(pipeline.place("cadenza")));
    pipeline.cancel(Pipeline.patient(pipeline.place("crosstrade")));
    var out = new StringWriter();
    // When
    int code =
        Countermand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(
                "venues",
                "--measure",
                "--since",
                "1h",
                "--config",
                pipeline.stack().configFile().toString());
    // Then
    assertThat(code).as(out.toString()).isZero();
    assertThat(count(out, "cadenza", 3)).as("%s", out).isPositive();
    assertThat(count(out, "crosstrade", 4)).as("%s", out).isPositive();
    assertThat(count(out, "crosstrade", 3)).as("%s", out).isZero();
  }

  private static long count(StringWriter out, String venue, int column) {
    return out.toString()
        .lines()
        .filter(line -> line.startsWith(venue + " "))
        .map(line -> Long.parseLong(line.split(" +")[column]))
        .findFirst()
        .orElse(-1L);
  }
}
