package io.countermand.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AwaitedTest {

  private static final Instant AT = Instant.parse("2026-11-28T08:00:00Z");
  private static final DemoVenue VENUE = new DemoVenue("crosstrade", "crosstrade");

  private final Awaited awaited = new Awaited(Duration.ofSeconds(27));

  @Test
  void shouldSayHowManyAreAwaitedWhereAndHowLong() {
    // Given
    awaited.published(Traders.cancel("a", Traders.order(VENUE, 1)), AT);
    awaited.published(Traders.cancel("b", Traders.order(VENUE, 2)), AT.plusSeconds(1));
    Instant now = AT.plusSeconds(8);
    // When
    List<Awaited.Wait> open = awaited.open("a"::equals, now);
    // Then
    assertThat(Awaited.words(open, now))
        .isEqualTo("waiting for 1 outcome (crosstrade 1), for 21 s at most");
    assertThat(Awaited.words(awaited.open(id -> true, now), now)).isNull();
  }

  @Test
  void shouldCallMissingWhatCanNotComeAnyMore() {
    // Given
    awaited.published(Traders.cancel("a", Traders.order(VENUE, 1)), AT);
    awaited.published(Traders.cancel("b", Traders.order(VENUE, 2)), AT);
    awaited.published(Traders.intent("late", Traders.order(VENUE, 3), AT.plusSeconds(60)), AT);
    awaited.published(Traders.intent("past", Traders.order(VENUE, 4), AT.minusSeconds(900)), AT);
    // When its deadline, grace and way are over, and a moment before
    Instant over = AT.plusSeconds(28);
    // Then
    assertThat(awaited.missing("a"::equals, AT.plusSeconds(27))).isEmpty();
    assertThat(awaited.missing("a"::equals, over))
        .extracting(Awaited.Wait::cancelId)
        .containsExactly("b", "past");
    assertThat(awaited.open("a"::equals, over))
        .extracting(Awaited.Wait::cancelId)
        .containsExactly("late");
  }
}
