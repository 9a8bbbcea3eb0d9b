package io.countermand.simulator.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyTest {

  @Test
  void shouldReadItsThreeForms() {
    assertThat(Latency.parse("5ms")).isEqualTo(Latency.fixed(Duration.ofMillis(5)));
    assertThat(Latency.parse("500us..2s"))
        .isEqualTo(Latency.uniform(Duration.ofNanos(500_000), Duration.ofSeconds(2)));
    assertThat(Latency.parse("5ms~0.5")).isEqualTo(Latency.logNormal(Duration.ofMillis(5), 0.5));
    assertThatThrownBy(() -> Latency.parse("five")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldSampleItsDistributionFromASeed() {
    // When
    var logNormal = sorted(Latency.parse("10ms~0.5"));
    var uniform = sorted(Latency.parse("10ms..20ms"));

    // Then
    assertThat(logNormal).isEqualTo(sorted(Latency.parse("10ms~0.5")));
    assertThat(logNormal[5_000] / 1e6).isBetween(9.5, 10.5);
    assertThat(logNormal[9_900] / 1e6).isBetween(28.0, 36.0);
    assertThat(uniform[0] / 1e6).isBetween(10.0, 10.1);
    assertThat(uniform[9_999] / 1e6).isBetween(19.9, 20.0);
  }

  private static long[] sorted(Latency latency) {
    var random = new SplittableRandom(1);
    return IntStream.range(0, 10_000)
        .mapToLong(i -> latency.sample(random).toNanos())
        .sorted()
        .toArray();
  }
}
