package io.countermand.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockSkewTest {

  private static final Instant T0 = Instant.parse("2026-11-28T08:00:00Z");

  private final ClockSkew skew = new ClockSkew();

  private static Instant at(long millis) {
    return T0.plusMillis(millis);
  }

  private void appended(long before, long appended, long after) {
    skew.appended(at(before), at(appended), at(after));
  }

  @Test
  void shouldKnowNothingBeforeAnythingWasAppended() {
    assertThat(skew.certain(T0)).isNull();
  }

  @Test
  void shouldSayZeroWhereTheClocksMayAgree() {
    // When
    appended(0, 4, 5);
    // Then
    assertThat(skew.certain(at(5))).isZero();
  }

  @Test
  void shouldNotTakeTheStampsMissingFractionForSkew() {
    // When: at 0.7 ms by both clocks
    skew.appended(T0.plusNanos(600_000), T0, T0.plusNanos(800_000));
    // Then
    assertThat(skew.certain(at(5))).isZero();
  }

  @Test
  void shouldSayHowFarTheBrokerIsAheadAtLeast() {
    // When
    appended(0, 2_010, 10);
    // Then
    assertThat(skew.certain(at(10))).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void shouldSayHowFarTheBrokerIsBehindAtLeast() {
    // When
    appended(0, -2_001, 10);
    // Then
    assertThat(skew.certain(at(10))).isEqualTo(Duration.ofSeconds(-2));
  }

  @Test
  void shouldGoByTheNarrowestOfTheLastMinute() {
    // When: a slow one that proves nothing, a quick one, another slow one
    appended(0, 600, 3_000);
    appended(4_000, 4_605, 4_005);
    appended(5_000, 5_600, 9_000);
    // Then
    assertThat(skew.certain(at(9_000))).isEqualTo(Duration.ofMillis(600));
    assertThat(skew.certain(at(63_999))).isEqualTo(Duration.ofMillis(600));
    assertThat(skew.certain(at(64_000))).isZero();
    assertThat(skew.certain(at(69_000))).isNull();
  }

  @Test
  void shouldKeepTheNarrowestOfOneSecond() {
    // When
    appended(0, 700, 100);
    appended(200, 801, 201);
    appended(300, 950, 900);
    // Then
    assertThat(skew.certain(at(900))).isEqualTo(Duration.ofMillis(600));
  }

  @Test
  void shouldPassOverAnAppendDuringWhichOurClockWasSetBack() {
    // When
    appended(5_000, 5_001, 2_000);
    // Then
    assertThat(skew.certain(at(5_000))).isNull();
  }

  @Test
  void shouldForgetWhatOurClockSaidBeforeItWasSetBack() {
    // When
    appended(5_000, 4_000, 5_001);
    // Then
    assertThat(skew.certain(at(3_999))).isNull();
  }
}
