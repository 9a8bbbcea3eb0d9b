package io.countermand.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thread that stood still, at a real group: it writes to no changelog that is another's now. */
@Tag("pipeline")
@Tag("long") // sessions run out
@ExtendWith(PipelineAccess.class)
class MembershipTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KafkaConnection connection;
  private final String topic = "membership-" + UUID.randomUUID();
  private final String changelog = topic + "-changelog";
  private final TopicPartition partition = new TopicPartition(topic, 0);

  /** Hears nothing. */
  private static final ConsumerRebalanceListener NOBODY =
      new ConsumerRebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
      };

  MembershipTest(PipelineAccess.Stack stack) {
    this.connection = stack.connection();
  }

  @BeforeEach
  void topics() throws Exception {
    try (Admin admin = Admin.create(connection.admin("test"))) {
      admin
          .createTopics(
              List.of(new NewTopic(topic, 1, (short) 1), new NewTopic(changelog, 1, (short) 1)))
          .all()
          .get();
    }
  }

  @Test
  void shouldAskTheGroupAfterItStoodStill() {
    // Given one that trusts no time at all
    var membership = new Membership(Duration.ZERO);
    try (Consumer<byte[], byte[]> mine = plain();
        Consumer<byte[], byte[]> other = plain()) {
      join(mine);
      // When, Then it is known to the group
      assertThatCode(() -> membership.require(0, mine)).doesNotThrowAnyException();
      // When another one takes over meanwhile
      join(other);
      // Then
      assertThatThrownBy(() -> membership.require(0, mine))
          .isInstanceOf(KafkaException.class)
          .hasCauseInstanceOf(ProducerFencedException.class);
    }
  }

  @Test
  void shouldKeepWhatWasLostFromTheChangelog() throws Exception {
    // Given
    var sends = new DurableSends();
    try (Consumer<byte[], byte[]> mine = sends.getConsumer(settings());
        Producer<byte[], byte[]> producer = sends.getProducer(settings());
        Consumer<byte[], byte[]> other = plain()) {
      join(mine);
      assertThat(producer.send(row()).get().offset()).isZero();
      join(other);
      // When it hears of it
      Awaitility.await("expulsion")
          .pollInSameThread()
          .atMost(PATIENCE)
          .until(
              () -> {
                mine.poll(Duration.ofMillis(10));
                return mine.assignment().isEmpty();
              });
      // Then
      assertThatThrownBy(() -> producer.send(row()))
          .isInstanceOf(KafkaException.class)
          .hasCauseInstanceOf(ProducerFencedException.class);
      assertThat(producer.send(new ProducerRecord<>(topic, 0, null, new byte[1])).get().offset())
          .isZero();
    }
  }

  private ProducerRecord<byte[], byte[]> row() {
    return new ProducerRecord<>(changelog, 0, new byte[] {1}, new byte[] {1});
  }

  /** Returns when the partition is its own, and its offset committed. */
  private void join(Consumer<byte[], byte[]> consumer) {
    consumer.subscribe(List.of(topic), NOBODY);
    Awaitility.await("assignment")
        .pollInSameThread()
        .atMost(PATIENCE)
        .until(
            () -> {
              consumer.poll(Duration.ofMillis(50));
              return consumer.assignment().contains(partition);
            });
    consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)));
  }

  private Consumer<byte[], byte[]> plain() {
    return new KafkaConsumer<>(
        settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Whoever does not poll for twelve seconds is expelled; a busy machine may need some of them. */
  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    connection.consumer("membership").forEach((key, value) -> settings.put((String) key, value));
    settings.put("group.id", topic);
    settings.put("max.poll.interval.ms", "12000");
    settings.put("client.id", "membership-" + UUID.randomUUID());
    return settings;
  }
}
