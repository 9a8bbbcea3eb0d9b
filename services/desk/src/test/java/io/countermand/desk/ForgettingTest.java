package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.StateCodec;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.desk.settings.RateShare;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderState;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.platform.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The desk's own topology on a clock of the test's; nothing in it needs a broker or a registry. */
class ForgettingTest {

  private static final Instant NOON = Instant.parse("2026-03-03T12:00:00Z");
  private static final Duration TERMINAL = Duration.ofHours(1);
  private static final Duration IDLE = Duration.ofHours(48);

  /** More than a slice. */
  private static final int ORDERS = 200;

  @TempDir Path state;

  @Test
  void shouldForgetRoundAfterRound() {
    // Given
    try (var serdes = settings().connection().serdes();
        var meters = new DeskMeters(new SimpleMeterRegistry(), Set.of("v"));
        var driver =
            new TopologyTestDriver(
                Desk.topology(
                    settings(),
                    serdes,
                    new Placement(1),
                    Map.of(),
                    new RateShare(List.of(), 1),
                    new DurableSends(),
                    Set.of(),
                    List::of,
                    meters),
                settings().streams().properties(settings().connection(), false),
                NOON)) {
      KeyValueStore<String, byte[]> store = driver.getKeyValueStore(Desk.ORDERS);
      var told =
          driver.createOutputTopic(
              Topics.ORDER_STATES, new StringDeserializer(), new ByteArrayDeserializer());
      fill(store, "live", OrdStatus.NEW, NOON);
      // When
      fill(store, "first", OrdStatus.FILLED, NOON);
      pass(driver, TERMINAL.plusMinutes(20));
      // Then
      assertThat(count(store)).isEqualTo(ORDERS);
      Map<String, byte[]> tombstones = told.readKeyValuesToMap();
      assertThat(tombstones).hasSize(ORDERS).containsEntry("first-7", null);
      // When there are more
      fill(store, "second", OrdStatus.CANCELED, NOON.plus(TERMINAL));
      pass(driver, Duration.ofMinutes(30));
      // Then it is too soon, and later not
      assertThat(count(store)).isEqualTo(2 * ORDERS);
      pass(driver, Duration.ofMinutes(35));
      assertThat(count(store)).isEqualTo(ORDERS);
      assertThat(new HashSet<>(told.readKeyValuesToMap().keySet())).contains("second-7");
      pass(driver, IDLE);
      assertThat(count(store)).isZero();
    }
  }

  /** By reading them: RocksDB's own figure is an estimate. */
  private static int count(KeyValueStore<String, byte[]> store) {
    int count = 0;
    try (var all = store.all()) {
      for (; all.hasNext(); all.next()) {
        count++;
      }
    }
    return count;
  }

  /** In small steps, as time passes. */
  private static void pass(TopologyTestDriver driver, Duration time) {
    for (int i = 0; i < 200; i++) {
      driver.advanceWallClockTime(time.dividedBy(200));
    }
  }

  private static void fill(
      KeyValueStore<String, byte[]> store, String name, OrdStatus status, Instant at) {
    var order =
        DeskOrder.NONE.withOrder(new OrderState(status, null, null, null, null, null, at, null));
    for (int i = 0; i < ORDERS; i++) {
      store.put(name + "-" + i, StateCodec.bytes(order));
    }
  }

  private DeskSettings settings() {
    return new DeskSettings(
        new KafkaConnection("unused:1", "http://unused:1", "test", Map.of(), Map.of()),
        new StreamsSettings("desk", state, 1, 0, 1, Duration.ofMillis(500)),
        new IntentCheck(Duration.ofSeconds(10), Duration.ofMinutes(1)),
        new DeskRules(Set.of("v"), Duration.ofSeconds(5)),
        TERMINAL,
        IDLE,
        List.of(),
        Set.of(),
        100,
        Duration.ofSeconds(1));
  }
}
