package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.IntentCheck;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An intent whose schema cannot be asked for has its outcome later, and holds up no other. */
class ParkingTest {

  @TempDir Path state;
  private final RegistryAway registry = new RegistryAway(CancelIntent.class);
  private final Instant start = Instant.now();

  @Test
  void shouldAnswerOthersWhileTheRegistryIsAwayAndTheOddOneLater() {
    // Given
    try (var serdes =
            new EventSerdes(registry, Map.of("auto.register.schemas", true), Runnable::run);
        var meters =
            new LedgerMeters(new SimpleMeterRegistry(), settings(), InstantSource.system());
        var driver =
            new TopologyTestDriver(
                Ledger.topology(settings(), serdes, new Placement(1), meters),
                settings().streams().properties(settings().connection(), true),
                start)) {
      byte[] odd = bytes(serdes, "odd");
      ByteBuffer.wrap(odd).putInt(1, RegistryAway.NEW_ID);
      registry.away = true;
      var intents =
          driver.createInputTopic(
              Topics.INTENTS,
              new ByteArraySerializer(),
              new ByteArraySerializer(),
              start,
              Duration.ZERO);
      intents.pipeInput("v/a/odd".getBytes(StandardCharsets.UTF_8), odd);
      intents.pipeInput("v/a/good".getBytes(StandardCharsets.UTF_8), bytes(serdes, "good"));
      // When
      pass(driver, 20);
      // Then
      assertThat(outcomes(driver, serdes)).containsExactly("good@1");
      // When
      registry.away = false;
      pass(driver, 20);
      // Then
      assertThat(outcomes(driver, serdes)).containsExactly("odd@0");
    }
  }

  private static List<String> outcomes(TopologyTestDriver driver, EventSerdes serdes) {
    return driver
        .createOutputTopic(
            Topics.OUTCOMES, new ByteArrayDeserializer(), serdes.deserializer(CancelOutcome.class))
        .readValuesToList()
        .stream()
        .map(CancelOutcome::getCancel)
        .map(cancel -> cancel.getCancelId() + "@" + cancel.getIntent().getOffset())
        .toList();
  }

  /** In steps of a second, as time passes. */
  private static void pass(TopologyTestDriver driver, int seconds) {
    for (int i = 0; i < seconds; i++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
  }

  private byte[] bytes(EventSerdes serdes, String id) {
    return serdes
        .serializer(CancelIntent.class)
        .serialize(
            Topics.INTENTS,
            CancelIntent.newBuilder()
                .setCancelId(id)
                .setVenue("v")
                .setAccount("a")
                .setOrderId(id)
                .setCreatedAt(start)
                .build());
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
