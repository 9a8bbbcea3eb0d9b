package io.countermand.simulator.venue;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.simulator.TestClock;
import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.options.VenueKind;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimiterTest {

  private static final SimulatedLimits THREE_A_SECOND = SimulatedLimits.of(VenueKind.CROSSTRADE);

  private final TestClock clock = new TestClock("2026-03-03T12:00:00Z");
  private final Limiter limiter = new Limiter(clock);

  @Test
  void shouldRefillUpToTheBurst() {
    // Given
    assertThat(taken("a", 25)).isEqualTo(20);

    // When
    clock.pass(Duration.ofSeconds(2));

    // Then
    assertThat(taken("a", 25)).isEqualTo(6);
    clock.pass(Duration.ofHours(1));
    assertThat(taken("a", 25)).isEqualTo(20);
  }

  @Test
  void shouldSayHowLongToWait() {
    // Given
    taken("a", 20);

    // Then
    assertThat(limiter.take("a", THREE_A_SECOND)).isBetween(millis(333), millis(334));
    assertThat(limiter.take("b", THREE_A_SECOND)).isNull();
  }

  private long taken(String credential, int asked) {
    return IntStream.range(0, asked)
        .filter(i -> limiter.take(credential, THREE_A_SECOND) == null)
        .count();
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
