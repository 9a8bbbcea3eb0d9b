package io.countermand.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Cancel;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.lifecycle.LedgerRules;
import io.countermand.domain.lifecycle.OpenCancel;
import io.countermand.domain.lifecycle.OrderLedger;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.ledger.OpenCancels.View;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

class OpenCancelsTest {

  private static final Instant NOON = Instant.parse("2026-03-03T12:00:00Z");

  private final OpenCancels open = new OpenCancels(Set.of("a", "b"));

  @Test
  void shouldKnowTheOldestAndTheEarliestDeadline() {
    // Given: the younger one is due before the older
    OrderLedger first = ledger(cancel("a", "1", 10, 90));
    OrderLedger second = ledger(cancel("a", "2", 20, 60));
    OrderLedger elsewhere = ledger(cancel("b", "3", 5, 30));
    // When
    open.changed("k1", OrderLedger.NONE, first);
    open.changed("k2", OrderLedger.NONE, second);
    open.changed("k3", OrderLedger.NONE, elsewhere);
    open.publish();
    // Then
    assertThat(open.view("a")).isEqualTo(new View(2, NOON.plusSeconds(10), NOON.plusSeconds(60)));
    assertThat(open.view("b")).isEqualTo(new View(1, NOON.plusSeconds(5), NOON.plusSeconds(30)));
    assertThat(open.view(OpenCancels.OTHER)).isEqualTo(View.NONE);
  }

  @Test
  void shouldForgetWhatIsSettledWhateverBecameOfItBetween() {
    // Given: the same id on two orders, and one whose times were told anew
    OrderLedger both = ledger(cancel("a", "1", 10, 90), cancel("a", "2", 20, 60));
    open.changed("k1", OrderLedger.NONE, both);
    open.changed("k2", OrderLedger.NONE, ledger(cancel("a", "1", 1, 2)));
    // When
    OrderLedger later = ledger(cancel("a", "1", 11, 91));
    open.changed("k1", both, later);
    open.changed("k1", later, OrderLedger.NONE);
    open.publish();
    // Then
    assertThat(open.view("a")).isEqualTo(new View(1, NOON.plusSeconds(1), NOON.plusSeconds(2)));
  }

  @Test
  void shouldShowNothingBeforeItIsPublished() {
    // When
    open.changed("k1", OrderLedger.NONE, ledger(cancel("a", "1", 10, 90)));
    // Then
    assertThat(open.view("a")).isEqualTo(View.NONE);
  }

  @Test
  void shouldPutVenuesThatAreNotConfiguredTogether() {
    // When
    open.changed("k1", OrderLedger.NONE, ledger(cancel("zz", "1", 10, 90)));
    open.changed("k2", OrderLedger.NONE, ledger(cancel("yy", "1", 11, 90)));
    open.publish();
    // Then
    assertThat(open.view(OpenCancels.OTHER).count()).isEqualTo(2);
  }

  @Test
  void shouldShowTheLongestTimeOverAllTasks() {
    // Given
    var registry = new SimpleMeterRegistry();
    Instant now = NOON.plusSeconds(100);
    var meters = new LedgerMeters(registry, settings(), InstantSource.fixed(now));
    var other = new OpenCancels(Set.of("a", "b"));
    open.changed("k1", OrderLedger.NONE, ledger(cancel("a", "1", 10, 90)));
    other.changed("k2", OrderLedger.NONE, ledger(cancel("a", "2", 40, 95)));
    other.changed("k3", OrderLedger.NONE, ledger(cancel("b", "3", 99, 160)));
    open.publish();
    other.publish();
    // When
    meters.has(new TaskId(0, 0), open);
    meters.has(new TaskId(0, 1), other, 7, 9);
    // Then
    assertThat(value(registry, "countermand.ledger.open", "a")).isEqualTo(2);
    assertThat(value(registry, "countermand.ledger.oldest.open.seconds", "a")).isEqualTo(90);
    assertThat(value(registry, "countermand.ledger.overdue.seconds", "a")).isEqualTo(8);
    assertThat(value(registry, "countermand.ledger.overdue.seconds", "b")).isZero();
    assertThat(registry.get("countermand.ledger.orders").gauge().value()).isEqualTo(7);
    meters.gone(new TaskId(0, 0));
    assertThat(value(registry, "countermand.ledger.oldest.open.seconds", "a")).isEqualTo(60);
    meters.close();
    assertThat(registry.find("countermand.ledger.open").gauges()).isEmpty();
  }

  private static double value(SimpleMeterRegistry registry, String name, String venue) {
    return registry.get(name).tag("venue", venue).gauge().value();
  }

  private static LedgerSettings settings() {
    return new LedgerSettings(
        new KafkaConnection("k:1", "http://r", "i", Map.of(), Map.of()),
        new StreamsSettings("l", Path.of("s"), 1, 0, 1, Duration.ofMillis(100)),
        new IntentCheck(Duration.ofSeconds(60), Duration.ofHours(1)),
        new LedgerRules(Duration.ofSeconds(2), Duration.ofMinutes(1), Map.of()),
        Set.of("a", "b"),
        Duration.ofHours(1));
  }

  private static OrderLedger ledger(Cancel... cancels) {
    return new OrderLedger(
        null, List.of(cancels).stream().map(OpenCancelsTest::open).toList(), NOON);
  }

  private static OpenCancel open(Cancel cancel) {
    return new OpenCancel(
        cancel,
        OpenCancel.Phase.ASKED,
        OpenCancel.Belief.UNSENT,
        null,
        List.of(),
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        List.of());
  }

  private static Cancel cancel(String venue, String id, int received, int deadline) {
    Instant at = NOON.plusSeconds(received);
    return new Cancel(
        id,
        new OrderRef(venue, "acc", "o"),
        null,
        null,
        null,
        false,
        false,
        null,
        at,
        NOON.plusSeconds(deadline),
        at,
        new Evidence("cancel-intents", 0, received),
        "digest");
  }
}
