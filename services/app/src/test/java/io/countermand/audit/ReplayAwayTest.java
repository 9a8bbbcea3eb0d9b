package io.countermand.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.audit.replay.Replay;
import io.countermand.audit.source.AuditException;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.LocalKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is killed in the middle of a replay. */
@Tag("long")
class ReplayAwayTest {

  private static final int RECORDS = 3_000;

  /** More than a consumer fetches ahead, all of them together. */
  private static final int SIZE = 2_000;

  @TempDir private Path data = Path.of(".");

  /** The bound is for what never ends; how soon it ends (15 to 30 s) no test asserts by a clock. */
  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void shouldEndByItselfAndGoOnFromThere() throws Exception {
    try (LocalKafka kafka = LocalKafka.start(data.resolve("kafka"), data.resolve("logs"), 0)) {
      // Given
      write(kafka);
      // When
      endsWhenKilled(kafka, "again", 700, "the same call again goes on from there");
      kafka.restart();
      long more = replay(kafka, "again", () -> false);
      // Then
      assertThat(more).isPositive().isLessThan(RECORDS);
      assertThat(numbers(kafka, "again")).hasSize(RECORDS).doesNotHaveDuplicates();
      // When it only prints
      endsWhenKilled(kafka, null, 10, "prints it all from the beginning");
    }
  }

  /** With the broker killed after some records. */
  private static void endsWhenKilled(
      LocalKafka kafka, @Nullable String target, int after, String says) {
    AtomicInteger asked = new AtomicInteger();
    AtomicBoolean killed = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                replay(
                    kafka,
                    target,
                    () -> {
                      if (asked.incrementAndGet() == after) {
                        kafka.kill();
                        killed.set(true);
                      }
                      return false;
                    }))
        .isInstanceOf(AuditException.class)
        .hasMessageContainingAll("Kafka does not answer", says);
    assertThat(killed).as("it was killed").isTrue();
  }

  private static long replay(LocalKafka kafka, @Nullable String target, BooleanSupplier stopped)
      throws InterruptedException {
    var connection =
        new KafkaConnection(
            kafka.bootstrapServers(), "http://127.0.0.1:2", "test", Map.of(), Map.of());
    return Replay.run(
        connection,
        new Replay.Options("recorded", null, null, target, 0),
        record -> {},
        text -> {},
        stopped);
  }

  private static void write(LocalKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("recorded", 1, (short) 1))).all().get();
    }
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        byte[] value = new byte[SIZE];
        value[0] = (byte) i;
        value[1] = (byte) (i >> 8);
        var _ = producer.send(new ProducerRecord<>("recorded", 0, null, value));
      }
    }
  }

  private static List<Integer> numbers(LocalKafka kafka, String topic) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("isolation.level", "read_committed");
    var partition = new TopicPartition(topic, 0);
    List<Integer> numbers = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(500))) {
          numbers.add((each.value()[0] & 0xff) | (each.value()[1] & 0xff) << 8);
        }
      }
    }
    return numbers;
  }
}
