package io.countermand.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeArgumentsTest {

  @Test
  void shouldTakeUtcTimesAndDurations() {
    assertThat(TimeArguments.parse("--from", "2026-11-20T08:00:00Z"))
        .isEqualTo(Instant.parse("2026-11-20T08:00:00Z"));
    assertThat(TimeArguments.parse("--from", "2h"))
        .isBetween(Instant.now().minus(Duration.ofHours(3)), Instant.now());
    assertThat(TimeArguments.duration("--margin", "3d")).isEqualTo(Duration.ofDays(3));
    assertThat(TimeArguments.parse("--from", null)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2026-11-20", "20.11.2026 08:00", "", "12", "-", "1h2"})
  void shouldSayWhatIsAllowed(String text) {
    assertThatThrownBy(() -> TimeArguments.parse("--from", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--from")
        .hasMessageContaining("2026-11-20T08:00:00Z")
        .hasMessageContaining("'" + text + "'");
  }
}
