package io.countermand.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowTest {

  private static final List<DemoVenue> VENUES = List.of(new DemoVenue("crosstrade", "crosstrade"));

  @TempDir private Path directory;

  @Test
  void shouldMakeTheSameFlowOfTheSameSeed() {
    assertThat(GeneratedFlow.make(500, 100, 7, VENUES).steps())
        .usingRecursiveComparison()
        .isEqualTo(GeneratedFlow.make(500, 100, 7, VENUES).steps());
    assertThat(GeneratedFlow.make(500, 100, 8, VENUES))
        .isNotEqualTo(GeneratedFlow.make(500, 100, 7, VENUES));
  }

  @Test
  void shouldMakeAsManyIntentsAsAsked() {
    assertThat(GeneratedFlow.make(1234, 100, 1, VENUES).answerable()).isEqualTo(1234);
  }

  @Test
  void shouldHaveTwoOrdersThatTheVenueSaysNothingOfWhereThereIsTimeForThem() {
    Flow flow = GeneratedFlow.make(1000, 50, 1, VENUES);
    List<FlowStep> silent =
        flow.steps().stream().filter(FlowStep.BreakOff.class::isInstance).toList();
    assertThat(silent).hasSize(2);
    assertThat(flow.answerable()).isEqualTo(1000);
    assertThat(flow.length()).isLessThan(Duration.ofSeconds(21));
    assertThat(GeneratedFlow.make(300, 100, 1, VENUES).steps())
        .noneMatch(FlowStep.BreakOff.class::isInstance);
  }

  @Test
  void shouldKeepTheRateOverALongFlow() {
    // 5,000 at 100/s take 50 s, after the time that the first order stands
    assertThat(GeneratedFlow.make(5000, 100, 1, VENUES).length())
        .isBetween(Duration.ofMillis(50_000), Duration.ofMillis(51_200));
  }

  @Test
  void shouldReadAMarket() throws IOException {
    // Given
    Path file =
        write(
            """
            34200.0,1,100,18,5853300,1
            34200.5,4,99,5,5853200,1
            34201.0,4,100,8,5853300,1
            34201.5,3,100,10,5853300,1
            34202.0,1,101,7,5853300,-1
            34202.5,4,101,7,5853300,-1
            34203.0,5,0,3,5853300,1
            34203.5,7,0,0,-1,-1
            34204.0,2,99,2,5853200,1
            """);
    // When
    Flow flow = MarketFlow.read(file, 2, VENUES);
    // Then: one deletion, and one cancel that comes too late for the order executed in full
    assertThat(flow.steps().stream().map(step -> step.getClass().getSimpleName() + step.at()))
        .containsExactly(
            "PlacePT0S",
            "PlacePT0.6S",
            "FillPT0.85S",
            "FillPT1.1S",
            "SendPT1.35S",
            "PlacePT1.6S",
            "FillPT1.85S",
            "ReducePT2.6S",
            "SendPT2.85S");
    assertThat(flow.length()).isEqualTo(Duration.ofMillis(2850));
  }

  @Test
  void shouldSayWhichLineIsNoMessage() throws IOException {
    Path file = write("34200.0,1,100,18,5853300,1\nhello\n");
    assertThatThrownBy(() -> MarketFlow.read(file, 1, VENUES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("market.csv:2");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("market.csv"), text);
  }
}
