package io.countermand.desk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.desk.lane.VenueLaneTest;
import io.countermand.domain.decision.HandOver;
import java.time.Instant;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class TenuresTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final HandOver TO_NEXT = new HandOver("v 1", "old", "next");
  private static final byte[] KEY = "v%201/a/o".getBytes(UTF_8);
  private static final byte[] OTHER = "v2/a/o".getBytes(UTF_8);

  private final KeyValueStore<String, byte[]> store = VenueLaneTest.store();

  @Test
  void shouldDecideEverythingWhereNothingWasHandedOver() {
    // When
    var tenures = new Tenures("old", store, false, NOON);
    // Then
    assertThat(tenures.has(KEY, 0)).isTrue();
    assertThat(tenures.has(null, 0)).isTrue();
    assertThat(tenures.publishes(KEY, Instant.EPOCH)).isTrue();
  }

  @Test
  void shouldKeepWhatWasHandedOver() {
    // Given
    new Tenures("old", store, false, NOON).read(TO_NEXT, 9);
    // When
    var tenures = new Tenures("old", store, false, NOON.plusSeconds(1));
    // Then
    assertThat(tenures.has(KEY, 8)).isTrue();
    assertThat(tenures.has(KEY, 10)).isFalse();
    assertThat(tenures.has(OTHER, 10)).isTrue();
    assertThat(tenures.publishes(KEY, NOON)).isFalse();
    assertThat(tenures.publishes(OTHER, NOON)).isTrue();
  }

  @Test
  void shouldDecideNothingBeforeItIsHandedOver() {
    // Given
    new Tenures("next", store, true, NOON).read(TO_NEXT, 9);
    // When
    var tenures = new Tenures("next", store, false, NOON.plusSeconds(1));
    // Then
    assertThat(tenures.has(KEY, 8)).isFalse();
    assertThat(tenures.has(KEY, 10)).isTrue();
    assertThat(tenures.has(OTHER, 10)).isFalse();
  }

  /** After a lost record what was handed over may stand on this disk alone. */
  @Test
  void shouldPutAHandOverOnceMoreThatIsReadAgain() {
    // Given
    new Tenures("next", store, true, NOON).read(TO_NEXT, 9);
    byte[] others = store.get("");
    byte[] venue = store.get("v%201");
    var recorded = new RecordedPuts(store);
    // When
    new Tenures("next", recorded.store(), true, NOON.plusSeconds(1)).read(TO_NEXT, 9);
    // Then
    assertThat(recorded.puts()).containsExactly("", "v%201");
    assertThat(store.get("")).isEqualTo(others);
    assertThat(store.get("v%201")).isEqualTo(venue);
  }

  @Test
  void shouldKeepNothingOfAHandOverBetweenOthers() {
    // When
    new Tenures("a third", store, false, NOON).read(TO_NEXT, 9);
    // Then
    assertThat(store.get("v%201")).isNull();
  }

  @Test
  void shouldPublishWhatIsNewWhileItReadsAlong() {
    // When
    var tenures = new Tenures("next", store, true, NOON);
    // Then
    assertThat(tenures.publishes(KEY, NOON.minusSeconds(1))).isFalse();
    assertThat(tenures.publishes(KEY, NOON.plusSeconds(1))).isTrue();
  }
}
