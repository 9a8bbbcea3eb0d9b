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

  @Test
  void shouldListTheAccountsThatAVenueTellsUnderAllOfTheirNames() {
    // Given accounts that the venues know by an order
    pipeline.place("crosstrade");
    pipeline.place("tradovate");
    var out = new StringWriter();
    // When
    int code =
        Countermand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute("venues", "--config", pipeline.stack().configFile().toString());
    // Then: by name, and by name and number
    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.strip().matches("accounts: (.*, )?Sim101(, .*)?"))
        .anyMatch(line -> line.strip().matches("accounts: (.*, )?Sim101 \\([0-9]+\\)(, .*)?"));
  }
}
