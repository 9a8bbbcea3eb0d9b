package io.countermand.audit.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BriefStoryTest {

  private static final Instant ASKED = Instant.parse("2026-11-28T08:00:00Z");

  @Test
  void shouldTellARefusedCancelInFiveLines() {
    // Given
    List<StoryLine> lines =
        List.of(
            line(-600, "order event", null, Map.of("ordStatus", "NEW", "executed", "0")),
            line(-599, "order state", null, Map.of("ordStatus", "NEW")),
            line(-300, "order event", null, Map.of("ordStatus", "FILLED", "executed", "10")),
            line(0, "intent", "c", Map.of("algorithm", "algo", "why", "quote moved")),
            line(
                2, "refused", "c", Map.of("reason", "ORDER_FILLED", "shownBy", "order-events-1@7")),
            line(
                9,
                "outcome",
                "c",
                Map.of("result", "REJECTED", "reason", "ORDER_FILLED", "text", "too late")),
            line(20, "outcome", "other", Map.of()));
    // When, Then
    assertThat(BriefStory.brief(lines, "c"))
        .containsExactly(
            "   -600.0 ms  the order is NEW, 0 executed  [t-0@1]",
            "   -300.0 ms  the order is FILLED, 10 executed  [t-0@1]",
            "     +0.0 ms  algo asks to cancel it: quote moved  [t-0@1]",
            "     +2.0 ms  the desk refuses, and calls nobody: ORDER_FILLED, shown by"
                + " order-events-1@7  [t-0@1]",
            "     +9.0 ms  outcome REJECTED, ORDER_FILLED: too late  [t-0@1]");
  }

  @Test
  void shouldLeaveOrderEventsOutFirst() {
    // Given
    List<StoryLine> lines =
        List.of(
            line(-600, "order event", null, Map.of("ordStatus", "NEW")),
            line(-500, "order event", null, Map.of("ordStatus", "PARTIALLY_FILLED")),
            line(0, "intent", "c", Map.of()),
            line(1, "routed", "c", Map.of()),
            line(7, "answer", "c", Map.of("reply", "CANCELED")),
            line(8, "order event", "c", Map.of("ordStatus", "CANCELED")),
            line(9, "outcome", "c", Map.of("result", "CANCELED")));
    // When
    List<String> told = BriefStory.brief(lines, "c");
    // Then
    assertThat(told).hasSize(5);
    assertThat(told.getFirst()).contains("the order is NEW, nothing executed");
    assertThat(told.getLast()).contains("outcome CANCELED");
  }

  @Test
  void shouldTellNothingOfWhatNobodyAskedFor() {
    assertThat(BriefStory.brief(List.of(), "c")).isEmpty();
  }

  private static StoryLine line(
      long millis, String what, @Nullable String cancelId, Map<String, String> details) {
    Instant at = ASKED.plusMillis(millis);
    return new StoryLine(at, at, what, cancelId, details, new Evidence("t", 0, 1));
  }
}
