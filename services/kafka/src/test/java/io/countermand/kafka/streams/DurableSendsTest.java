package io.countermand.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Whoever waits for a record hears of it, whatever becomes of it: a permit hangs on that. */
class DurableSendsTest {

  /** Nothing listens there. */
  private static final Map<String, Object> AWAY =
      Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", "100");

  private final DurableSends sends = new DurableSends();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final DurableSends.Then then =
      new DurableSends.Then() {
        @Override
        public void durable(Instant appended, Evidence at) {
          heard.add("durable");
        }

        @Override
        public void failed() {
          heard.add("failed");
        }
      };

  @Test
  void shouldSayThatARecordCannotBeWritten() {
    try (Producer<byte[], byte[]> producer = sends.getProducer(AWAY)) {
      // When
      sends.send(() -> producer.send(record()), then);
    }
    // Then
    assertThat(heard).containsExactly("failed");
  }

  @Test
  void shouldSayThatTheProducerThrew() {
    // Given
    Producer<byte[], byte[]> producer = sends.getProducer(AWAY);
    producer.close();
    // When
    assertThatThrownBy(() -> sends.send(() -> producer.send(record()), then))
        .isInstanceOf(IllegalStateException.class);
    // Then
    assertThat(heard).containsExactly("failed");
  }

  @Test
  void shouldSayThatTheRecordNeverReachedTheProducer() {
    // When
    sends.send(() -> {}, then);
    // Then
    assertThat(heard).containsExactly("failed");
  }

  /** Kafka Streams keeps what it is told in maps that bear one thread. */
  @Test
  void shouldTellKafkaStreamsWhenItsOwnThreadComes() {
    // Given
    try (Producer<byte[], byte[]> producer = sends.getProducer(AWAY)) {
      // When
      var _ = producer.send(record(), (metadata, error) -> heard.add("told"));
      // Then
      assertThat(heard).isEmpty();
      assertThatThrownBy(producer::flush).isInstanceOf(LostRecordException.class);
      assertThat(heard).containsExactly("told");
    }
  }

  private static ProducerRecord<byte[], byte[]> record() {
    return new ProducerRecord<>("cancel-progress", new byte[] {1});
  }
}
