package io.countermand.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import io.countermand.events.serde.EventSerdes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What it holds of cancels that nobody waits for any more: a door sends a great many. */
class OutcomeHistoryTest {

  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

  private final PendingCancels pending =
      new PendingCancels(
          EventSerdes.ofSchemas(Map.of(7, CancelOutcome.getClassSchema().toString()))
              .decoder(CancelOutcome.class));
  private final Brokers brokers = new Brokers();
  private final OutcomeHistory history =
      new OutcomeHistory(() -> brokers, 64, pending, Duration.ofHours(1));

  /** Each partition has ten thousand records, none of them anybody's. */
  private static final class Brokers extends MockConsumer<byte[], byte[]> {

    private boolean away;

    Brokers() {
      super("latest");
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> of) {
      if (away) {
        throw new KafkaException("of test");
      }
      return all(of, 10_000L);
    }

    @Override
    public synchronized Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> of) {
      return all(of, 0L);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> times) {
      return all(times.keySet(), new OffsetAndTimestamp(0, 0));
    }

    @Override
    public synchronized long position(TopicPartition partition) {
      return 10_000;
    }

    private static <V> Map<TopicPartition, V> all(Collection<TopicPartition> of, V value) {
      Map<TopicPartition, V> all = new HashMap<>();
      of.forEach(each -> all.put(each, value));
      return all;
    }
  }

  private SentCancel asked(String orderId) {
    OrderKey order = OrderKey.of("v", "a", orderId);
    var sent =
        new SentCancel(
            order,
            CancelIntent.newBuilder()
                .setCancelId("x")
                .setVenue(order.venue())
                .setAccount(order.account())
                .setOrderId(order.orderId())
                .setDeadline(NOW.plusSeconds(40))
                .setCreatedAt(NOW)
                .build());
    pending.add(sent);
    history.lookFor(sent);
    return sent;
  }

  @Test
  void shouldHoldNoneThatNobodyWaitsForHoweverLongKafkaFails() {
    // Given
    SentCancel one = asked("1");
    SentCancel two = asked("2");
    brokers.away = true;
    assertThatThrownBy(() -> history.look(brokers)).isInstanceOf(KafkaException.class);
    assertThat(history.held()).isEqualTo(2);
    // When
    one.outcome().cancel(false);
    // Then
    assertThatThrownBy(() -> history.look(brokers)).isInstanceOf(KafkaException.class);
    assertThat(history.held()).isEqualTo(1);
    // When
    brokers.away = false;
    history.look(brokers);
    // Then: it is looked for
    assertThat(history.held()).isEqualTo(1);
    // When
    two.outcome().cancel(false);
    history.look(brokers);
    // Then
    assertThat(history.held()).isZero();
  }

  @Test
  void shouldLetGoOfSearchesWhoseTurnHasNotCome() {
    // Given: each of another partition
    SentCancel one = asked("1");
    SentCancel two = asked("2");
    SentCancel three = asked("3");
    history.look(brokers);
    assertThat(history.held()).isEqualTo(3);
    // When
    one.outcome().cancel(false);
    two.outcome().cancel(false);
    three.outcome().cancel(false);
    history.look(brokers);
    // Then
    assertThat(history.held()).isZero();
  }
}
