package io.countermand.venues.polling;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.venues.VenueProvider;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Limits;
import io.countermand.venues.limits.Rate;
import io.countermand.venues.testing.SetClock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cancels and a feed draw on one budget, on a clock that is handed in. */
class PollPaceTest {

  private static final int CANCELS = 300;

  static Stream<VenueProvider> lists() {
    return Venues.providers().values().stream()
        .filter(provider -> provider.capabilities().canList());
  }

  @ParameterizedTest
  @MethodSource("lists")
  void shouldLeaveCancelsNinetyEightPercentOfTheirRate(VenueProvider provider) {
    Rate rate = provider.defaults().rate();

    Duration alone = queued(rate, false);
    Duration beside = queued(rate, true);

    assertThat(alone.toMillis())
        .as("%s: %s alone, %s beside the feed", provider.adapter(), alone, beside)
        .isGreaterThanOrEqualTo(beside.toMillis() * 98 / 100);
  }

  /** How long a queue of cancels takes that calls whenever it may; the feed has its turn first. */
  private static Duration queued(Rate rate, boolean feeding) {
    var clock = new SetClock("2026-03-03T12:00:00Z");
    var budget = new Limits(clock).of("v", "credential", rate).budget();
    var pace = new PollPace(PollPace.every(rate), clock);
    Instant begun = clock.instant();
    int left = CANCELS;
    while (left > 0) {
      if (feeding && pace.untilNext().isZero() && budget.tryAcquire()) {
        pace.asked();
      }
      while (left > 0 && budget.tryAcquire()) {
        left--;
      }
      clock.forward(Duration.ofMillis(10));
    }
    return Duration.between(begun, clock.instant());
  }
}
