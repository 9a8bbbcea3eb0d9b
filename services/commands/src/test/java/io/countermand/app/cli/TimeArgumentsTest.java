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

  @Test
  void shouldTakeDurationsAsTheConfigurationDoes() {
    assertThat(TimeArguments.duration("--every", "250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(TimeArguments.duration("--every", "PT1.5S")).isEqualTo(Duration.ofMillis(1500));
    assertThatThrownBy(() -> TimeArguments.duration("--every", "1h30m"))
        .hasMessage("--every takes a duration, like 500ms, 90s, 15m, 2h or 3d; not '1h30m'");
    assertThatThrownBy(() -> TimeArguments.duration("--margin", "PT-5S"))
        .hasMessageContaining("'PT-5S'");
  }

  @Test
  void shouldNameTheBounds() {
    assertThatThrownBy(() -> TimeArguments.duration("within", "999ms", Duration.ofSeconds(1)))
        .hasMessageContaining("within takes a duration of 1s or more");
    assertThat(TimeArguments.duration("within", "1s", Duration.ofSeconds(1)))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(TimeArguments.duration("within", "3650d", Duration.ofSeconds(1)))
        .isEqualTo(Duration.ofDays(3650));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3651d", "999999999999d", "900000000000d"})
  void shouldTakeNothingThatNoClockCanTell(String text) {
    assertThatThrownBy(() -> TimeArguments.duration("within", text, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("within takes a duration of 1s to 3650d");
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
