package io.countermand.console.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.kept.CompactedTopic.Entry;
import io.countermand.events.PauseCause;
import io.countermand.events.VenuePause;
import io.countermand.events.serde.Decoded;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pauses as a desk would take them that reads the topic. */
class VenuePausesTest {

  private static final Instant NOW = Instant.now();

  private final VenuePauses pauses = new VenuePauses(20);
  private long offset;

  private void take(String key, PauseCause cause, int until, String text) {
    Instant end = until == 0 ? Instant.EPOCH : NOW.plusSeconds(until);
    take(key, new Decoded.Ok<>(new VenuePause("v", end, cause, text, "desk", NOW)));
  }

  private void take(String key, Decoded<VenuePause> value) {
    pauses.take(new Entry<>(key, "venue-pauses", 0, offset++, value));
  }

  private List<String> told(String venue) {
    return pauses.inForce(NOW).getOrDefault(venue, List.of()).stream()
        .map(each -> each.pause().getText())
        .toList();
  }

  @Test
  void shouldTellWhatHoldsTheLongestFirst() {
    // When
    take("v/c", PauseCause.RATE_LIMITED, 10, "ten");
    take("v/d", PauseCause.LOCKED_OUT, 20, "twenty");
    take("v/e", PauseCause.RATE_LIMITED, -1, "over");
    // Then
    assertThat(told("v")).containsExactly("twenty", "ten");
  }

  @Test
  void shouldLetAVenuesPauseOnlyGrow() {
    // When: another desk was told of a shorter one
    take("v/c", PauseCause.RATE_LIMITED, 10, "ten");
    take("v/c", PauseCause.RATE_LIMITED, 5, "five");
    // Then
    assertThat(told("v")).containsExactly("ten");
  }

  @Test
  void shouldLetAnOperatorsWordReplaceWhatWasKnown() {
    // When
    take("v/c", PauseCause.LOCKED_OUT, 100, "locked");
    take("w/c", PauseCause.LOCKED_OUT, 100, "another's");
    take("v", PauseCause.OPERATOR, 10, "a short one");
    // Then
    assertThat(told("v")).containsExactly("a short one");
    // When: the venue says more
    take("v/c", PauseCause.RATE_LIMITED, 50, "slow down");
    // Then
    assertThat(told("v")).containsExactly("slow down", "a short one");
    // When
    take("v", PauseCause.OPERATOR, 0, "resumed");
    // Then
    assertThat(told("v")).isEmpty();
    assertThat(told("w")).containsExactly("another's");
  }

  @Test
  void shouldTakeACauseThatItDoesNotKnowForAnOperators() {
    // When
    take("v/c", PauseCause.LOCKED_OUT, 100, "locked");
    take("v", PauseCause.OTHER, 10, "new kind");
    // Then
    assertThat(told("v")).containsExactly("new kind");
  }

  @Test
  void shouldTellWhatCannotBeRead() {
    // When
    take("v", new Decoded.Poison<>(Decoded.Kind.NOT_AVRO, "odd"));
    // Then
    assertThat(pauses.unreadable())
        .containsExactly("venue-pauses-0@0 cannot be read: NOT_AVRO, odd");
    // When
    take("v", PauseCause.OPERATOR, 0, "resumed");
    // Then
    assertThat(pauses.unreadable()).isEmpty();
  }

  @Test
  void shouldDropWhatIsOverFirst() {
    // When
    take("first/c", PauseCause.LOCKED_OUT, 1_000, "holds");
    for (int i = 0; i < 100; i++) {
      take("v" + i + "/c", PauseCause.RATE_LIMITED, -1, "over");
    }
    // Then
    assertThat(told("first")).containsExactly("holds");
    assertThat(pauses.gone()).isFalse();
    // When
    for (int i = 0; i < 100; i++) {
      take("v" + i + "/c", PauseCause.RATE_LIMITED, 1_000, "holds");
    }
    // Then
    assertThat(pauses.inForce(NOW)).hasSize(20);
    assertThat(pauses.gone()).isTrue();
  }
}
