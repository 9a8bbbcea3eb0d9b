package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.codec.ProgressCodec;
import io.countermand.domain.Cancel;
import io.countermand.domain.Intent;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelProgress;
import io.countermand.events.CancelResult;
import io.countermand.events.FindingKind;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.events.OutcomeFinding;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is learned after an outcome is sent, and counted. */
class FindingTest {

  private static final OrderRef ORDER = new OrderRef("v", "a", "o1");

  @TempDir Path state;
  private final Instant start = Instant.now();

  @Test
  void shouldSendAndCountWhatIsLearnedAfterTheOutcome() {
    // Given
    var registry = new SimpleMeterRegistry();
    var schemas = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider()));
    try (var serdes =
            new EventSerdes(schemas, Map.of("auto.register.schemas", true), Runnable::run);
        var meters = new LedgerMeters(registry, settings(), InstantSource.system());
        var driver =
            new TopologyTestDriver(
                Ledger.topology(settings(), serdes, new Placement(1), meters),
                settings().streams().properties(settings().connection(), true),
                start)) {
      Cancel cancel = cancel();
      put(driver, serdes, Topics.INTENTS, CancelIntent.class, intent());
      var decision = new DeskDecision.Route(null);
      var routed = ProgressCodec.decided(cancel, decision, start, "desk-1");
      put(driver, serdes, Topics.PROGRESS, CancelProgress.class, routed);
      var started =
          ProgressCodec.started(
              cancel, "a1", 1, RequestKind.CANCEL, cancel.intent(), start, "desk-1");
      put(driver, serdes, Topics.PROGRESS, CancelProgress.class, started);
      for (int second = 0; second < 20; second++) {
        driver.advanceWallClockTime(Duration.ofSeconds(1));
      }
      assertThat(read(driver, serdes, Topics.OUTCOMES, CancelOutcome.class))
          .extracting(CancelOutcome::getResult)
          .containsExactly(CancelResult.UNRESOLVED);
      // When
      put(driver, serdes, Topics.ORDER_EVENTS, OrderEvent.class, canceled());
      put(driver, serdes, Topics.ORDER_EVENTS, OrderEvent.class, canceled());
      // Then
      List<OutcomeFinding> findings = read(driver, serdes, Topics.FINDINGS, OutcomeFinding.class);
      assertThat(findings).hasSize(1);
      OutcomeFinding found = findings.getFirst();
      assertThat(found.getKind()).isEqualTo(FindingKind.RESOLVED);
      assertThat(found.getCancel().getCancelId()).isEqualTo("c1");
      assertThat(found.getResult()).isEqualTo(CancelResult.UNRESOLVED);
      assertThat(found.getOrdStatus()).isEqualTo(OrdStatus.CANCELED);
      assertThat(found.getExecutedQty()).isEqualTo("2");
      assertThat(found.getEvidence())
          .containsExactly(new io.countermand.events.Evidence(Topics.ORDER_EVENTS, 0, 0L));
      assertThat(
              registry
                  .get("countermand.findings")
                  .tags("venue", "v", "kind", "RESOLVED")
                  .counter()
                  .count())
          .isEqualTo(1);
    }
  }

  private static <T extends SpecificRecord> void put(
      TopologyTestDriver driver, EventSerdes serdes, String topic, Class<T> type, T value) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(
            ORDER.key().getBytes(StandardCharsets.UTF_8),
            serdes.serializer(type).serialize(topic, value));
  }

  private static <T extends SpecificRecord> List<T> read(
      TopologyTestDriver driver, EventSerdes serdes, String topic, Class<T> type) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), serdes.deserializer(type))
        .readValuesToList();
  }

  private CancelIntent intent() {
    return CancelIntent.newBuilder()
        .setCancelId("c1")
        .setVenue("v")
        .setAccount("a")
        .setOrderId("o1")
        .setDeadline(start.plusSeconds(5))
        .setCreatedAt(start)
        .build();
  }

  /** As the ledger makes it of the intent. */
  private Cancel cancel() {
    Intent intent =
        new Intent(
            "c1",
            ORDER,
            null,
            null,
            null,
            start.plusSeconds(5),
            false,
            false,
            null,
            Map.of(),
            start);
    var checked = settings().check().check(intent, new Evidence(Topics.INTENTS, 0, 0), start);
    return ((IntentCheck.WellFormed) checked).cancel();
  }

  private OrderEvent canceled() {
    return OrderEvent.newBuilder()
        .setVenue("v")
        .setAccount("a")
        .setOrderId("o1")
        .setOrdStatus(OrdStatus.CANCELED)
        .setCumQty("2")
        .setSequence(3L)
        .setSource("feed:v")
        .setObservedAt(start)
        .build();
  }

  private LedgerSettings settings() {
    return new LedgerSettings(
        new KafkaConnection("unused:1", "http://unused:1", "test", Map.of(), Map.of()),
        new StreamsSettings("ledger", state, 1, 0, 1, Duration.ofMillis(100)),
        new IntentCheck(Duration.ofSeconds(10), Duration.ofMinutes(1)),
        new LedgerRules(Duration.ofSeconds(2), Duration.ofMinutes(10), Map.of()),
        Set.of("v"),
        Duration.ofHours(24));
  }
}
