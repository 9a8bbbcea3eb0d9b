package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.LedgerPage;
import io.countermand.codec.SettledId;
import io.countermand.codec.StateCodec;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.lifecycle.Lifecycle;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import io.countermand.kafka.streams.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ledger's own topology on a clock of the test's; nothing here needs a broker or a registry.
 */
class ForgettingTest {

  private static final Instant NOON = Instant.parse("2026-03-03T12:00:00Z");
  private static final Duration REMEMBER = Duration.ofHours(24);
  private static final Duration REMEMBER_ORDER = Duration.ofMinutes(10);

  /** More than a slice. */
  private static final int MANY = 1_200;

  @TempDir Path state;
  private Instant time = NOON;

  @Test
  void shouldForgetSettledIdsRoundAfterRound() {
    // Given
    try (var serdes = settings().connection().serdes();
        var meters =
            new LedgerMeters(new SimpleMeterRegistry(), settings(), InstantSource.system());
        var driver =
            new TopologyTestDriver(
                Ledger.topology(settings(), serdes, new Placement(1), meters),
                settings().streams().properties(settings().connection(), true),
                NOON)) {
      KeyValueStore<String, byte[]> store = driver.getKeyValueStore(Ledger.SETTLED);
      for (String round : new String[] {"first", "second"}) {
        // When
        fill(store, round, time);
        pass(driver, REMEMBER.minusMinutes(5));
        // Then
        assertThat(keys(store)).hasSize(MANY);
        pass(driver, Duration.ofMinutes(10));
        assertThat(keys(store)).isEmpty();
      }
    }
  }

  @Test
  void shouldForgetOrdersWithoutALiveCancelOnly() {
    // Given
    try (var serdes = settings().connection().serdes();
        var meters =
            new LedgerMeters(new SimpleMeterRegistry(), settings(), InstantSource.system());
        var driver =
            new TopologyTestDriver(
                Ledger.topology(settings(), serdes, new Placement(1), meters),
                settings().streams().properties(settings().connection(), true),
                NOON)) {
      KeyValueStore<String, byte[]> store = driver.getKeyValueStore(Ledger.ORDERS);
      for (int i = 0; i < MANY; i++) {
        store.put("ended-" + i, page(NOON));
      }
      store.put("live", page(NOON, TimerScheduleTest.open(TimerScheduleTest.cancel("c", 86_400))));
      // When
      pass(driver, REMEMBER_ORDER.minusSeconds(1));
      // Then
      assertThat(keys(store)).hasSize(MANY + 1);
      // When something happens to one of them
      store.put("ended-7", page(time));
      pass(driver, REMEMBER_ORDER.dividedBy(2));
      // Then
      assertThat(keys(store)).containsExactly("ended-7", "live");
      pass(driver, REMEMBER_ORDER);
      assertThat(keys(store)).containsExactly("live");
    }
  }

  @Test
  void shouldKeepAnOrdersSettledIdsLongerThanTheOrder() {
    // Given
    try (var serdes = settings().connection().serdes();
        var meters =
            new LedgerMeters(new SimpleMeterRegistry(), settings(), InstantSource.system());
        var driver =
            new TopologyTestDriver(
                Ledger.topology(settings(), serdes, new Placement(1), meters),
                settings().streams().properties(settings().connection(), true),
                NOON)) {
      KeyValueStore<String, byte[]> store = driver.getKeyValueStore(Ledger.ORDERS);
      var id = new SettledId("c1", new Lifecycle.Settled("digest", NOON, -1));
      var ended = new OrderLedger(null, List.of(), NOON);
      store.put("ended", StateCodec.bytes(new LedgerPage(ended, Map.of(), List.of(id))));
      // When
      pass(driver, REMEMBER_ORDER.multipliedBy(2));
      // Then
      assertThat(StateCodec.ledgerPage(store.get("ended")))
          .isEqualTo(new LedgerPage(OrderLedger.NONE, Map.of(), List.of(id)));
      // When
      pass(driver, REMEMBER);
      // Then
      assertThat(keys(store)).isEmpty();
    }
  }

  private static byte[] page(Instant at, OpenCancel... open) {
    return StateCodec.bytes(new LedgerPage(new OrderLedger(null, List.of(open), at), Map.of()));
  }

  private static List<String> keys(KeyValueStore<String, byte[]> store) {
    List<String> keys = new ArrayList<>();
    try (var all = store.all()) {
      all.forEachRemaining(entry -> keys.add(entry.key));
    }
    return keys;
  }

  /** In small steps, as time passes. */
  private void pass(TopologyTestDriver driver, Duration passed) {
    for (int i = 0; i < 200; i++) {
      driver.advanceWallClockTime(passed.dividedBy(200));
    }
    time = time.plus(passed);
  }

  private static void fill(KeyValueStore<String, byte[]> store, String name, Instant at) {
    for (int i = 0; i < MANY; i++) {
      store.put(name + "-" + i, StateCodec.bytes(new Lifecycle.Settled("digest", at, -1)));
    }
  }

  private LedgerSettings settings() {
    return new LedgerSettings(
        new KafkaConnection("unused:1", "http://unused:1", "test", Map.of(), Map.of()),
        new StreamsSettings("ledger", state, 1, 0, 1, Duration.ofMillis(100)),
        new IntentCheck(Duration.ofSeconds(10), Duration.ofMinutes(1)),
        new LedgerRules(Duration.ofSeconds(2), REMEMBER_ORDER, Map.of()),
        Set.of("v"),
        REMEMBER);
  }
}
