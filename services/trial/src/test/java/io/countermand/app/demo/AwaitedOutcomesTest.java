package io.countermand.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AwaitedOutcomesTest {

  private static final Instant AT = Instant.parse("2026-11-28T08:00:00Z");
  private static final DemoVenue VENUE = new DemoVenue("crosstrade", "crosstrade");

  private final AwaitedOutcomes awaited = new AwaitedOutcomes(Duration.ofSeconds(27));

  @Test
  void shouldSayHowManyAreAwaitedWhereAndHowLong() {
    // Given
    awaited.published(TradingFirm.cancel("a", TradingFirm.order(VENUE, 1)), AT);
    awaited.published(TradingFirm.cancel("b", TradingFirm.order(VENUE, 2)), AT.plusSeconds(1));
    Instant now = AT.plusSeconds(8);
    // When
    List<AwaitedOutcomes.Wait> open = awaited.open("a"::equals, now);
    // Then
    assertThat(AwaitedOutcomes.words(open, now))
        .isEqualTo("waiting for 1 outcome (crosstrade 1), for 21 s at most");
    assertThat(AwaitedOutcomes.words(awaited.open(id -> true, now), now)).isNull();
  }

  @Test
  void shouldCallMissingWhatCanNotComeAnyMore() {
    // Given
    awaited.published(TradingFirm.cancel("a", TradingFirm.order(VENUE, 1)), AT);
    awaited.published(TradingFirm.cancel("b", TradingFirm.order(VENUE, 2)), AT);
    awaited.published(
        TradingFirm.intent("late", TradingFirm.order(VENUE, 3), AT.plusSeconds(60)), AT);
    awaited.published(
        TradingFirm.intent("past", TradingFirm.order(VENUE, 4), AT.minusSeconds(900)), AT);
    // When its deadline, grace and way are over, and a moment before
    Instant over = AT.plusSeconds(28);
    // Then
    assertThat(awaited.missing("a"::equals, AT.plusSeconds(27))).isEmpty();
    assertThat(awaited.missing("a"::equals, over))
        .extracting(AwaitedOutcomes.Wait::cancelId)
        .containsExactly("b", "past");
    assertThat(awaited.open("a"::equals, over))
        .extracting(AwaitedOutcomes.Wait::cancelId)
        .containsExactly("late");
  }
}
