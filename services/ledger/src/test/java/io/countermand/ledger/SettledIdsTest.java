package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.SettledId;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelResult;
import io.countermand.domain.DecidedBy;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reason;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.lifecycle.Lifecycle;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import io.countermand.kafka.streams.StreamsSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An order's last settled cancels are in its page, all others in a store: each is found. */
class SettledIdsTest {

  private static final Instant NOON = Instant.parse("2026-03-03T12:00:00Z");

  @TempDir Path state;

  @Test
  void shouldFindEachIdAndKeepOnlyTheLastInThePage() {
    var settings = settings();
    try (var serdes = settings.connection().serdes();
        var meters = new LedgerMeters(new SimpleMeterRegistry(), settings, InstantSource.system());
        var driver =
            new TopologyTestDriver(
                Ledger.topology(settings, serdes, new Placement(1), meters),
                settings.streams().properties(settings.connection(), true),
                NOON)) {
      KeyValueStore<String, byte[]> store = driver.getKeyValueStore(Ledger.SETTLED);
      var books =
          new LedgerStores(driver.getKeyValueStore(Ledger.ORDERS), store, settings, 0, 0, NOON);
      // Given
      var ids = new SettledIds(books, "k", List.of());
      // When
      for (int i = 0; i < SettledIds.IN_PAGE + 3; i++) {
        ids.settle(outcome("c" + i));
      }
      // Then
      assertThat(ids.inPage()).extracting(SettledId::cancelId).startsWith("c3").hasSize(8);
      assertThat(store.approximateNumEntries()).isEqualTo(3);
      for (int i = 0; i < SettledIds.IN_PAGE + 3; i++) {
        Lifecycle.Settled found = ids.find("c" + i);
        assertThat(found).isNotNull();
        assertThat(found.at()).isEqualTo(NOON);
      }
      assertThat(ids.find("c99")).isNull();
      assertThat(new SettledIds(books, "other", List.of()).find("c0")).isNull();
    }
  }

  private static Outcome outcome(String cancelId) {
    Cancel cancel = TimerScheduleTest.cancel(cancelId, 60);
    return new Outcome(
        cancel,
        CancelResult.REJECTED,
        Reason.UNKNOWN_ORDER,
        "",
        null,
        null,
        null,
        null,
        DecidedBy.VENUE,
        null,
        null,
        null,
        List.of(),
        List.of(),
        NOON);
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
