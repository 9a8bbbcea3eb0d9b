package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.HeartbeatCodec;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.LedgerRules;
import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.MassScope;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.Heartbeat;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import io.countermand.kafka.StreamsSettings;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heartbeats that nobody can read for hours stop nothing, and the last one counts. */
class HeartbeatParkingTest {

  /** One a second, for longer than what is parked has room for. */
  private static final int MANY = 12_000;

  private static final String SWITCH = "algorithm-7";

  @TempDir Path state;
  private final RegistryAway registry = new RegistryAway(Heartbeat.class);
  private final Instant start = Instant.now();

  @Test
  void shouldAnswerCancelsAndHearTheLastOneLater() {
    // Given
    try (var serdes =
            new EventSerdes(registry, Map.of("auto.register.schemas", true), Runnable::run);
        var meters =
            new LedgerMeters(new SimpleMeterRegistry(), settings(), InstantSource.system());
        var driver =
            new TopologyTestDriver(
                topology(serdes, meters),
                settings().streams().properties(settings().connection(), true),
                start)) {
      registry.away = true;
      var heartbeats = input(driver, Topics.HEARTBEATS);
      byte[] key = SWITCH.getBytes(StandardCharsets.UTF_8);
      // When
      for (int i = 1; i <= MANY; i++) {
        heartbeats.pipeInput(key, heartbeat(serdes, Duration.ofMillis(60_000 + i)));
      }
      input(driver, Topics.INTENTS)
          .pipeInput("v/a/o".getBytes(StandardCharsets.UTF_8), intent(serdes));
      pass(driver, 20);
      // Then
      assertThat(
              driver
                  .createOutputTopic(
                      Topics.OUTCOMES,
                      new ByteArrayDeserializer(),
                      serdes.deserializer(CancelOutcome.class))
                  .readValuesToList())
          .hasSize(1);
      assertThat(driver.<String, byte[]>getKeyValueStore(Ledger.HEARTBEATS).get("s\0" + SWITCH))
          .isNull();
      // When
      registry.away = false;
      pass(driver, 20);
      // Then
      byte[] kept = driver.<String, byte[]>getKeyValueStore(Ledger.HEARTBEATS).get("s\0" + SWITCH);
      DeadManSwitch armed = HeartbeatCodec.deadManSwitch(Topics.HEARTBEATS, kept);
      assertThat(armed.word().timeout()).isEqualTo(Duration.ofMillis(60_000 + MANY));
      assertThat(armed.at().offset()).isEqualTo(MANY - 1);
    }
  }

  private Topology topology(EventSerdes serdes, LedgerMeters meters) {
    Topology topology = Ledger.topology(settings(), serdes, new Placement(1), meters);
    return Ledger.deadMan(topology, settings(), serdes, meters);
  }

  private TestInputTopic<byte[], byte[]> input(TopologyTestDriver driver, String topic) {
    return driver.createInputTopic(
        topic, new ByteArraySerializer(), new ByteArraySerializer(), start, Duration.ZERO);
  }

  /** In steps of a second, as time passes. */
  private static void pass(TopologyTestDriver driver, int seconds) {
    for (int i = 0; i < seconds; i++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
  }

  private byte[] heartbeat(EventSerdes serdes, Duration timeout) {
    var word =
        new io.countermand.domain.mass.Heartbeat(
            SWITCH, MassScope.of("v", null), timeout, "alice", "it is alone", false, start);
    byte[] bytes =
        serdes
            .serializer(Heartbeat.class)
            .serialize(Topics.HEARTBEATS, HeartbeatCodec.toAvro(word));
    ByteBuffer.wrap(bytes).putInt(1, RegistryAway.NEW_ID);
    return bytes;
  }

  private byte[] intent(EventSerdes serdes) {
    return serdes
        .serializer(CancelIntent.class)
        .serialize(
            Topics.INTENTS,
            CancelIntent.newBuilder()
                .setCancelId("c")
                .setVenue("v")
                .setAccount("a")
                .setOrderId("o")
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
