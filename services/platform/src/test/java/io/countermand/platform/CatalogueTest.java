package io.countermand.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.events.CancelRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {

  @Test
  void shouldNameEveryTopicOnce() {
    Catalogue catalogue = Catalogue.of(12, (short) 1);

    assertThat(catalogue.topics())
        .extracting(TopicSpec::name)
        .containsExactly(
            "cancel-intents",
            "order-events",
            "order-states",
            "cancel-progress",
            "cancel-outcomes",
            "outcome-findings",
            "cancel-retries",
            "mass-cancel-commands",
            "dead-letters",
            "mass-cancels",
            "mass-cancel-progress",
            "mass-cancel-reports",
            "kill-switches",
            "heartbeats",
            "venue-pauses",
            "console-actions");
  }

  @Test
  void shouldGiveTopicsWithTheSameKeyTheSamePartitions() {
    Catalogue catalogue = Catalogue.of(5, (short) 1);

    assertThat(catalogue.topics())
        .filteredOn(
            topic ->
                !List.of(
                        Topics.DEAD_LETTERS,
                        Topics.PAUSES,
                        Topics.CONSOLE_ACTIONS,
                        Topics.KILL_SWITCHES,
                        Topics.HEARTBEATS,
                        Topics.MASS_CANCELS,
                        Topics.MASS_PROGRESS,
                        Topics.MASS_REPORTS)
                    .contains(topic.name()))
        .extracting(TopicSpec::partitions)
        .containsOnly(5);
  }

  @Test
  void shouldCountDeadlinesFromTheBrokersClock() {
    assertThat(topic(Topics.INTENTS, 1).config())
        .containsEntry("message.timestamp.type", "LogAppendTime")
        .containsEntry("max.message.bytes", "2097152")
        .containsEntry("retention.ms", "2592000000");
    assertThat(topic(Topics.HEARTBEATS, 1).config())
        .containsEntry("message.timestamp.type", "LogAppendTime")
        .containsEntry("retention.ms", "604800000");
    assertThat(topic(Topics.PROGRESS, 1).config())
        .containsEntry("message.timestamp.type", "LogAppendTime");
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
    TopicSpec retries = topic("cancel-retries", 1);

    assertThat(retries.subject()).isEqualTo("cancel-retries-value");
    assertThat(retries.valueType()).isEqualTo(CancelRequest.class);
  }

  private static TopicSpec topic(String name, int replication) {
    return Catalogue.of(12, (short) replication).topics().stream()
        .filter(topic -> topic.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
