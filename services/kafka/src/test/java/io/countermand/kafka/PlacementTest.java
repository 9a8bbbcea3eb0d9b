package io.countermand.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.Evidence;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** What a header that says "moved before" is worth. */
class PlacementTest {

  private static final Evidence AT = new Evidence("cancel-intents", 1, 100);

  private final Placement placement = new Placement(3);

  @Test
  void shouldBelieveAPlaceOfThisTopicThatWasBefore() {
    assertThat(placement.moves(headers("cancel-intents-0@700", "cancel-intents-1@99"), AT))
        .containsExactly("cancel-intents-0@700", "cancel-intents-1@99");
  }

  @Test
  void shouldBelieveNothingThatIsNotOursOrCannotBe() {
    assertThat(
            placement.moves(
                headers(
                    null,
                    "",
                    "yes",
                    "order-events-0@1",
                    "cancel-intents-3@1", // no such partition
                    "cancel-intents-1@100", // itself
                    "cancel-intents-1@101",
                    "cancel-intents-0@99999999999999999999",
                    "cancel-intents--1@-1",
                    "cancel-intents-0@1 ",
                    "cancel-intents-0@1".repeat(100_000)),
                AT))
        .isEmpty();
  }

  @Test
  void shouldCountAPlaceOnceAndNoMoreThanItTakes() {
    assertThat(placement.moves(headers("cancel-intents-0@1", "cancel-intents-0@1"), AT)).hasSize(1);
    String[] many = new String[10_000];
    java.util.Arrays.setAll(many, i -> "cancel-intents-0@" + i);
    Set<String> moves = placement.moves(headers(many), AT);
    assertThat(moves).hasSize(Placement.MOST_MOVES);
  }

  @Test
  void shouldReadWhatItWrites() {
    // Given
    var from = new Evidence("cancel-intents", 0, 7);
    var headers = new RecordHeaders();
    headers.add(Placement.MOVED_FROM, Placement.movedFrom(from));
    // When, then
    assertThat(placement.moves(headers, AT)).containsExactly("cancel-intents-0@7");
  }

  private static Headers headers(String... values) {
    var headers = new RecordHeaders();
    for (String value : values) {
      headers.add(
          Placement.MOVED_FROM, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }
    return headers;
  }
}
