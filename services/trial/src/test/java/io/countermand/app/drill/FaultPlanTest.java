package io.countermand.app.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.simulator.fault.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultPlanTest {

  private static final Set<String> VENUES = Set.of("cadenza");

  @Test
  void shouldReadEachFault() {
    // When
    FaultPlan plan =
        FaultPlan.parse(
            List.of(
                "slow=200ms",
                "lost-answers=10%",
                "lost-calls=2.5%",
                "errors=100%",
                "fills=1%",
                "venue-down=cadenza:3s",
                "desk-kill"),
            VENUES);
    // Then
    assertThat(plan.rules()).hasSize(5);
    assertThat(plan.rules().getLast().faults())
        .as("a certain fault would hide those behind it")
        .containsExactly(new Fault.Delay(Duration.ofMillis(200)));
    assertThat(plan.rules().get(1).probability()).isEqualTo(0.025);
    assertThat(plan.down())
        .singleElement()
        .extracting(FaultPlan.VenueDown::lasts)
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(plan.kills()).containsExactly("desk");
    assertThat(plan.words()).startsWith("slow=200ms, lost-answers=10%");
  }

  @Test
  void shouldHaveNoneWhereNoneIsSaid() {
    for (List<String> none : List.of(List.<String>of(), List.of("none"))) {
      FaultPlan plan = FaultPlan.parse(none, VENUES);
      assertThat(plan.words()).isEqualTo("none");
      assertThat(plan.rules()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lost-answer=10%, did you mean lost-answers?",
    "lost-answers, takes a share",
    "lost-answers=10, takes a share",
    "lost-answers=0%, takes a share",
    "errors=101%, takes a share",
    "slow=fast, takes a duration",
    "slow=2h, takes a duration of 1ms to 1h",
    "venue-down=crosstrade, names no venue of this drill",
    "desk-kill=2, takes no value",
    "none=1, takes no value"
  })
  void shouldSayWhatIsWrongAndWhatItTakes(String part, String wrong) {
    assertThatThrownBy(() -> FaultPlan.parse(List.of(part), VENUES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(wrong)
        .hasMessageContaining("lost-answers=10%");
  }

  @Test
  void shouldHelpWithWhatItTakes() {
    assertThat(FaultPlan.HELP.formatted()).isEqualTo(FaultPlan.GRAMMAR);
  }

  @Test
  void shouldTakeOneKill() {
    assertThatThrownBy(() -> FaultPlan.parse(List.of("desk-kill", "ledger-kill"), VENUES))
        .hasMessageContaining("one kill");
  }

  @Test
  void shouldTellConfigurationFromWhatTheLauncherTakes() {
    assertThat(
            DrillStack.foreign(
                Map.of(
                    "COUNTERMAND_KAFKA_BOOTSTRAP_SERVERS",
                    "x",
                    "COUNTERMAND_JAVA_HOME",
                    "y",
                    "PATH",
                    "z")))
        .containsExactly("COUNTERMAND_KAFKA_BOOTSTRAP_SERVERS");
  }
}
