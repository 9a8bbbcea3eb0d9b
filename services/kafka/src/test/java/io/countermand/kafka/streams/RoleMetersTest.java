package io.countermand.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadLetterReason;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.deadletter.DeadLetterCounts;
import io.countermand.kafka.deadletter.DeadLetters;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class RoleMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void shouldAddUpTheLagOfATopicsPartitions() {
    // Given
    Map<MetricName, Metric> client = new HashMap<>();
    lag(client, "cancel-requests.cadenza", "0", 3);
    lag(client, "cancel-requests_cadenza", "1", 4); // as older clients write the tag
    lag(client, "cancel-retries.cadenza", "0", 50);
    lag(client, "cancel-requests.cadenza", "2", Double.NaN);
    var meters = new RoleMeters(registry, "desk", "cadenza");
    // When
    meters.lag("cancel-requests.cadenza", () -> client);
    // Then
    assertThat(registry.get("countermand.lag.records").tag("venue", "cadenza").gauge().value())
        .isEqualTo(7);
  }

  @Test
  void shouldAddUpTheShareConsumersOfATopic() {
    // Given a desk's three consumers, and one of its retries
    var meters = new RoleMeters(registry, "desk", "cadenza");
    // When
    for (int records : new int[] {3, 4, 5}) {
      Map<MetricName, Metric> client = new HashMap<>();
      put(client, "records-consumed-total", Map.of("client-id", "c" + records), records);
      put(client, "records-consumed-total", Map.of("topic", "requests"), records); // its part
      meters.share("requests", () -> client);
    }
    Map<MetricName, Metric> other = new HashMap<>();
    put(other, "records-consumed-total", Map.of("client-id", "r"), 70);
    meters.share("retries", () -> other);
    // Then
    assertThat(consumed("requests")).isEqualTo(12);
    assertThat(consumed("retries")).isEqualTo(70);
    meters.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private double consumed(String topic) {
    return registry
        .get("kafka.consumer.share.fetch.manager.records.consumed.total")
        .tag("topic", topic)
        .functionCounter()
        .count();
  }

  @Test
  void shouldTakeItsMetersAlongWhenItCloses() {
    // Given
    var connection =
        new KafkaConnection("127.0.0.1:1", "http://127.0.0.1:1", "i", Map.of(), Map.of());
    try (var producer =
        new KafkaProducer<>(
            connection.producer("test"), new ByteArraySerializer(), new ByteArraySerializer())) {
      var first = new RoleMeters(registry, "desk", "");
      first.gauge("g", "text", Tags.empty(), () -> 1).producer(producer);
      assertThat(registry.find("kafka.producer.record.send.total").meters()).isNotEmpty();
      // When
      first.close();
    }
    // Then: a role that starts again shows its own values, not its predecessor's
    assertThat(registry.getMeters()).isEmpty();
    new RoleMeters(registry, "desk", "").gauge("g", "text", Tags.empty(), () -> 2);
    assertThat(registry.get("g").gauge().value()).isEqualTo(2);
  }

  @Test
  void shouldDoNothingWhereNobodyCanScrape() {
    // Given
    var nowhere = new CompositeMeterRegistry();
    var meters = new RoleMeters(nowhere, "desk", "");
    // When
    meters.gauge("g", "text", Tags.empty(), () -> 1).lag("t", Map::of);
    meters.lag(
        () -> {
          throw new AssertionError("must not be made");
        },
        Map.of());
    // Then
    assertThat(nowhere.getMeters()).isEmpty();
  }

  @Test
  void shouldCountDeadLettersByTopicAndReason() {
    // Given
    var counts = new DeadLetterCounts(registry, "desk", List.of("a", "b"));
    var letters = new DeadLetters("desk-1", counts);
    // When
    letters.of(new Evidence("a", 0, 1), 0, null, null, DeadLetterReason.NOT_AVRO, "text");
    // Then: the others are there, too, so that an alert sees their first increase
    assertThat(count("a", DeadLetterReason.NOT_AVRO)).isEqualTo(1);
    assertThat(count("b", DeadLetterReason.NOT_AVRO)).isZero();
    assertThat(registry.find("countermand.dead.letters").counters())
        .hasSize(2 * DeadLetterReason.values().length);
  }

  @Test
  void shouldMissHeartbeatsThatAreNotSent() {
    // Given
    Map<MetricName, Metric> client = new HashMap<>();
    put(client, "last-heartbeat-seconds-ago", Map.of("client-id", "1"), -1); // none was due
    put(client, "last-heartbeat-seconds-ago", Map.of("client-id", "2"), 9);
    put(client, "last-poll-seconds-ago", Map.of(), 99);
    assertThat(Heartbeats.missing(client)).isEmpty();
    // When
    put(client, "last-heartbeat-seconds-ago", Map.of("client-id", "3"), 11);
    // Then
    assertThat(Heartbeats.missing(client))
        .contains("no heartbeat to the group's coordinator for 11 s");
  }

  private double count(String topic, DeadLetterReason reason) {
    return registry
        .get("countermand.dead.letters")
        .tags("role", "desk", "topic", topic, "reason", reason.name())
        .counter()
        .count();
  }

  private static void lag(
      Map<MetricName, Metric> client, String topic, String partition, double value) {
    put(client, "records-lag", Map.of("topic", topic, "partition", partition), value);
  }

  private static void put(
      Map<MetricName, Metric> client, String metric, Map<String, String> tags, double value) {
    var name = new MetricName(metric, "group", "", tags);
    client.put(
        name,
        new Metric() {
          @Override
          public MetricName metricName() {
            return name;
          }

          @Override
          public Object metricValue() {
            return value;
          }
        });
  }
}
