package io.countermand.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueParsersTest {

  @ParameterizedTest
  @CsvSource({"250ms,PT0.25S", "10s,PT10S", "5 m,PT5M", "24h,PT24H", "30d,PT720H", "PT1.5S,PT1.5S"})
  void shouldReadDurations(String text, Duration duration) {
    assertThat(ValueParsers.duration(text)).isEqualTo(duration);
    assertThat(ValueParsers.duration(ValueParsers.show(duration))).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "-1s", "1.5s", "10 sec", "s", "1h30m", "P", "1e3s"})
  void shouldRefuseOtherDurations(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ValueParsers.duration(text));
  }

  @Test
  void shouldReadRates() {
    assertThat(ValueParsers.pace("3/s")).isEqualTo(new ValueParsers.Pace(3, Duration.ofSeconds(1)));
    assertThat(ValueParsers.pace("5000 / h"))
        .isEqualTo(new ValueParsers.Pace(5000, Duration.ofHours(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "0/s", "-1/s", "3/ms", "3.5/s", "s/3"})
  void shouldRefuseOtherRates(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ValueParsers.pace(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5ms",
        "fixed",
        "fixed 5",
        "fixed PT-5S",
        "uniform 1ms",
        "uniform 2ms 1ms",
        "lognormal 5ms x",
        "lognormal 5ms NaN",
        "lognormal 5ms 9",
        "normal 5ms 1"
      })
  void shouldRefuseOtherLatencies(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ValueParsers.latency(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:1", "a.b-c:9092,d:2", "a:1, b:2", "[::1]:9092"})
  void shouldTakeServers(String text) {
    assertThat(text).matches(Properties.SERVERS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a:", "a:0", "a:1,", "http://a:1", "a:1 b:2", "u@a:1"})
  void shouldRefuseOtherServers(String text) {
    assertThat(text).doesNotMatch(Properties.SERVERS);
  }
}
