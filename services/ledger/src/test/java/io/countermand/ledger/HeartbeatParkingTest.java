package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.HeartbeatCodec;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.MassScope;
import io.countermand.events.CancelIntent;
import io.countermand.events.Heartbeat;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heartbeats that nobody can read for hours stop nothing, and the last one counts. */
class HeartbeatParkingTest {

  /** One a second, for longer than what is parked has room for. */
  private static final int MANY = 12_000;

  private static final String SWITCH = "algorithm-7";
  private static final int NOBODYS_ID = 998;

  @TempDir Path state;
  private final RegistryAway registry = new RegistryAway(Heartbeat.class);
  private final Instant start = Instant.now();
  private final Map<String, TestInputTopic<byte[], byte[]>> inputs = new HashMap<>();
  private @Nullable EventSerdes serdes;
  private @Nullable LedgerMeters meters;
  private @Nullable TopologyTestDriver driver;

  @BeforeEach
  void open() {
    serdes = new EventSerdes(registry, Map.of("auto.register.schemas", true), Runnable::run);
    meters = new LedgerMeters(new SimpleMeterRegistry(), settings(), InstantSource.system());
    Topology topology = Ledger.topology(settings(), serdes, new Placement(1), meters);
    driver =
        new TopologyTestDriver(
            Ledger.deadMan(topology, settings(), serdes, meters),
            settings().streams().properties(settings().connection(), true),
            start);
    registry.away = true;
  }

  @AfterEach
  void close() {
    Objects.requireNonNull(driver).close();
    Objects.requireNonNull(meters).close();
    Objects.requireNonNull(serdes).close();
  }

  @Test
  void shouldAnswerCancelsAndHearTheLastOneLater() {
    // When
    for (int i = 1; i <= MANY; i++) {
      beat(SWITCH, 60_000 + i, RegistryAway.NEW_ID);
    }
    pipe(Topics.INTENTS, "v/a/o", intent());
    pass(20);
    // Then
    assertThat(outcomes()).isEqualTo(1);
    assertThat(armed(SWITCH)).isNull();
    // When
    registry.away = false;
    passUntil(SWITCH, MANY - 1);
    // Then
    DeadManSwitch armed = Objects.requireNonNull(armed(SWITCH));
    assertThat(armed.word().timeout()).isEqualTo(Duration.ofMillis(60_000 + MANY));
    assertThat(armed.at().offset()).isEqualTo(MANY - 1);
  }

  @Test
  void shouldKeepAWordThatCanBeReadBeforeOneThatNeverCan() {
    // Given: room is short
    for (int i = 1; i <= MANY / 2; i++) {
      beat("other", 60_000, RegistryAway.NEW_ID);
      beat("another", 60_000, RegistryAway.NEW_ID);
    }
    for (int i = 1; i <= MANY / 2; i++) {
      beat("one of many " + i, 60_000, RegistryAway.NEW_ID);
    }
    // When
    beat(SWITCH, 60_000, RegistryAway.NEW_ID);
    beat(SWITCH, 0, null);
    beat(SWITCH, 60_000, NOBODYS_ID);
    registry.away = false;
    passUntil("other", 0);
    pass(20);
    // Then: it is off
    assertThat(armed("other")).isNotNull();
    assertThat(armed(SWITCH)).isNull();
  }

  @Test
  void shouldHearThatItIsOffBehindWhichIsNoHeartbeat() {
    // Given: room is short
    for (int i = 1; i <= MANY / 2; i++) {
      beat("one of many " + i, 60_000, RegistryAway.NEW_ID);
    }
    // When: its last word, and what makes no sense
    beat(SWITCH, 60_000, RegistryAway.NEW_ID);
    beat(SWITCH, 0, RegistryAway.NEW_ID);
    for (int i = 1; i <= 5; i++) {
      beat(SWITCH, -1, RegistryAway.NEW_ID);
    }
    registry.away = false;
    passUntil("one of many 1", 0);
    pass(20);
    // Then
    assertThat(armed("one of many 1")).isNotNull();
    assertThat(armed(SWITCH)).isNull();
  }

  private @Nullable DeadManSwitch armed(String id) {
    byte[] kept =
        Objects.requireNonNull(driver)
            .<String, byte[]>getKeyValueStore(Ledger.HEARTBEATS)
            .get("s\0" + id);
    return kept == null ? null : HeartbeatCodec.deadManSwitch(Topics.HEARTBEATS, kept);
  }

  private int outcomes() {
    return Objects.requireNonNull(driver)
        .createOutputTopic(
            Topics.OUTCOMES, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readValuesToList()
        .size();
  }

  private void pipe(String topic, String key, byte[] value) {
    inputs
        .computeIfAbsent(
            topic,
            each ->
                Objects.requireNonNull(driver)
                    .createInputTopic(
                        each,
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        start,
                        Duration.ZERO))
        .pipeInput(key.getBytes(StandardCharsets.UTF_8), value);
  }

  /**
   * Until it is armed by that record or a later one, or for five minutes: how many a round works
   * off in its time is this machine's matter.
   */
  private void passUntil(String id, long offset) {
    DeadManSwitch one = armed(id);
    for (int i = 0; i < 300 && (one == null || one.at().offset() < offset); i++) {
      pass(1);
      one = armed(id);
    }
  }

  /** In steps of a second, as time passes. */
  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      Objects.requireNonNull(driver).advanceWallClockTime(Duration.ofSeconds(1));
    }
  }

  /**
   * @param schema null: the real one
   */
  private void beat(String id, long timeoutMillis, @Nullable Integer schema) {
    var word =
        new io.countermand.domain.mass.Heartbeat(
            id,
            MassScope.of("v", null),
            Duration.ofMillis(timeoutMillis),
            "alice",
            "it is alone",
            false,
            start);
    byte[] bytes =
        Objects.requireNonNull(serdes)
            .serializer(Heartbeat.class)
            .serialize(Topics.HEARTBEATS, HeartbeatCodec.toAvro(word));
    if (schema != null) {
      ByteBuffer.wrap(bytes).putInt(1, schema);
    }
    pipe(Topics.HEARTBEATS, id, bytes);
  }

  private byte[] intent() {
    return Objects.requireNonNull(serdes)
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
