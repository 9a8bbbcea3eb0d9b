package io.countermand.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.events.CancelRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

  @Test
  void shouldNameEveryTopicOnce() {
    Catalogue catalogue = Catalogue.of(12, (short) 1, List.of("cadenza", "tradovate", "cadenza"));

    assertThat(catalogue.topics())
        .extracting(TopicSpec::name)
        .containsExactly(
            "cancel-intents",
            "order-events",
            "order-states",
            "cancel-progress",
            "cancel-outcomes",
            "cancel-requests.cadenza",
            "cancel-retries.cadenza",
            "cancel-requests.tradovate",
            "cancel-retries.tradovate",
            "dead-letters",
            "venue-pauses");
  }

  @Test
  void shouldGiveTopicsWithTheSameKeyTheSamePartitions() {
    Catalogue catalogue = Catalogue.of(5, (short) 1, List.of("cadenza"));

    assertThat(catalogue.topics())
        .filteredOn(topic -> !List.of(Topics.DEAD_LETTERS, Topics.PAUSES).contains(topic.name()))
        .extracting(TopicSpec::partitions)
        .containsOnly(5);
  }

  @Test
  void shouldCountDeadlinesFromTheBrokersClock() {
    assertThat(topic(Topics.INTENTS, 1).config())
        .containsEntry("message.timestamp.type", "LogAppendTime")
        .containsEntry("max.message.bytes", "2097152")
        .containsEntry("retention.ms", "2592000000");
  }

  @Test
  void shouldAskForTwoInSyncReplicasOnlyOfThree() {
    assertThat(topic(Topics.OUTCOMES, 3).config()).containsEntry("min.insync.replicas", "2");
    assertThat(topic(Topics.OUTCOMES, 1).config()).doesNotContainKey("min.insync.replicas");
  }

  @Test
  void shouldCompactTheOrderTable() {
    assertThat(topic(Topics.ORDER_STATES, 1).config()).containsOnlyKeys("cleanup.policy");
  }

  @Test
  void shouldKnowTheSubjectAndTypeOfValues() {
    TopicSpec requests = topic("cancel-requests.cadenza", 1);

    assertThat(requests.subject()).isEqualTo("cancel-requests.cadenza-value");
    assertThat(requests.valueType()).isEqualTo(CancelRequest.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Cadenza", "a b", "a.b", "a/b", "ä"})
  void shouldRefuseVenueNamesThatTopicsCannotCarry(String venue) {
    assertThatThrownBy(() -> Topics.requests(venue))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + venue + "'");
  }

  private static TopicSpec topic(String name, int replication) {
    return Catalogue.of(12, (short) replication, List.of("cadenza")).topics().stream()
        .filter(topic -> topic.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
