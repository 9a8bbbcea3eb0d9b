package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** What a task takes for read before it began, where the brokers answer late. */
class BacklogTest {

  private static final Instant BEGIN = Instant.parse("2026-03-03T12:00:00Z");

  private final List<String> asked = new ArrayList<>();
  private final List<LongConsumer> unanswered = new ArrayList<>();
  private final Backlog backlog = new Backlog(3, this::end, BEGIN);

  private void end(String topic, int partition, LongConsumer then) {
    assertThat(partition).isEqualTo(3);
    asked.add(topic);
    unanswered.add(then);
  }

  @Test
  void shouldAskAgainEveryFewSecondsAsLongAsNobodyAnswers() {
    // Given: a broker is away
    asked.clear();
    // When
    boolean soon = has(Topics.ORDER_EVENTS, 7, Duration.ofSeconds(4));
    // Then
    assertThat(soon).as("not known").isTrue();
    assertThat(asked).isEmpty();
    // When
    assertThat(has(Topics.ORDER_EVENTS, 7, Duration.ofSeconds(5))).isTrue();
    assertThat(has(Topics.ORDER_EVENTS, 8, Duration.ofSeconds(6))).isTrue();
    assertThat(has(Topics.MASS_COMMANDS, 1, Duration.ofSeconds(6))).isTrue();
    // Then
    assertThat(asked).containsExactly(Topics.ORDER_EVENTS);
    // When it is back
    unanswered.getLast().accept(8);
    // Then
    assertThat(has(Topics.ORDER_EVENTS, 7, Duration.ofSeconds(6))).isTrue();
    assertThat(has(Topics.ORDER_EVENTS, 8, Duration.ofSeconds(6))).isFalse();
    assertThat(has(Topics.ORDER_EVENTS, 8, Duration.ofHours(1))).isFalse();
    assertThat(asked).as("once is enough").hasSize(1);
  }

  /** The first request may be answered behind the second. */
  @Test
  void shouldTakeTheEarliestEnd() {
    // Given
    LongConsumer first = unanswered.get(asked.indexOf(Topics.ORDER_EVENTS));
    assertThat(has(Topics.ORDER_EVENTS, 9, Duration.ofSeconds(5))).isTrue();
    // When
    first.accept(8);
    unanswered.getLast().accept(20);
    // Then
    assertThat(has(Topics.ORDER_EVENTS, 7, Duration.ofSeconds(5))).isTrue();
    assertThat(has(Topics.ORDER_EVENTS, 9, Duration.ofSeconds(5))).isFalse();
  }

  private boolean has(String topic, long offset, Duration after) {
    return backlog.has(new Evidence(topic, 3, offset), BEGIN.plus(after));
  }
}
