package io.countermand.console.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationHistogramTest {

  @Test
  void shouldTellPercentilesWithinNinePercent() {
    // Given
    var times = new DurationHistogram();
    // When
    for (int millis = 1; millis <= 1_000; millis++) {
      times.add(Duration.ofMillis(millis));
    }
    // Then
    assertThat(times.percentile(50)).isCloseTo(500, within(45.0));
    assertThat(times.percentile(99)).isCloseTo(990, within(90.0));
    assertThat(new DurationHistogram().percentile(50)).isNaN();
  }
}
