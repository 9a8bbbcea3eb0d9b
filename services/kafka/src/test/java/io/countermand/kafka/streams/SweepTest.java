package io.countermand.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT24H, PT30S",
    "72000, PT24H, PT30S",
    "864000, PT24H, PT5S",
    "100000000, PT24H, PT0.2S",
    "0, PT20S, PT2S",
    "4500, PT20S, PT0.2S",
    "0, PT1S, PT0.1S",
    "1000000, PT1S, PT0.1S",
  })
  void shouldGoThroughAStoreInATenthOfTheTimeItKeepsThings(
      long entries, Duration keep, Duration pause) {
    assertThat(Sweep.pause(entries, 500, keep))
        .isBetween(pause.multipliedBy(99).dividedBy(100), pause);
  }
}
