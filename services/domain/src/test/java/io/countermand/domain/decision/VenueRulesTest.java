package io.countermand.domain.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VenueRulesTest {

  private final VenueRules rules = VenueRules.DEFAULT;

  @Test
  void shouldWaitTheSameForTheSameCancel() {
    for (int n = 1; n < 30; n++) {
      assertThat(rules.backoff("c-1", n)).isEqualTo(rules.backoff("c-1", n));
    }
    assertThat(rules.backoff("c-1", 1))
        .isEqualTo(Duration.ofMillis(178)); // so that a replay waits the same
    assertThat(rules.backoff("c-1", 2)).isEqualTo(Duration.ofMillis(469));
  }

  @Test
  void shouldDoubleWithinTwentyPercentUpToTheLongest() {
    for (int n = 1; n < 40; n++) {
      long base = Math.min(5000, 200L << Math.min(n - 1, 16));
      for (int i = 0; i < 200; i++) {
        assertThat(rules.backoff("c" + i, n).toMillis())
            .isBetween(base - base / 5, base + base / 5);
      }
    }
  }

  @Test
  void shouldSpreadDifferentCancels() {
    // Given
    Set<Duration> waits = new HashSet<>();

    // When
    for (int i = 0; i < 500; i++) {
      waits.add(rules.backoff("cancel-" + i, 1));
    }

    // Then
    assertThat(waits).hasSizeGreaterThan(60); // of 80 possible
  }

  @Test
  void shouldWaitAlsoForACancelWhoseReplyCameBeforeTheDecision() {
    assertThat(rules.backoff("c-1", 0)).isBetween(Duration.ofMillis(160), Duration.ofMillis(240));
  }
}
