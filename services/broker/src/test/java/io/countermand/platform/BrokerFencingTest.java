package io.countermand.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is killed ends the transactions that it had open, once it is back. */
@Tag("long")
class BrokerFencingTest {

  private static final TopicPartition PARTITION = new TopicPartition("t", 0);

  @TempDir private Path data = Path.of(".");

  @Test
  void shouldEndATransactionThatWasOpenWhenItWasKilled() throws Exception {
    try (LocalKafka kafka = LocalKafka.start(data.resolve("kafka"), data.resolve("logs"), 0)) {
      // Given a transaction whose time is over soon after the broker is back
      create(kafka);
      KafkaProducer<byte[], byte[]> producer = begin(kafka);
      // When
      kafka.kill();
      producer.close(Duration.ZERO);
      kafka.restart();
      // Then a reader of what is committed gets past it
      try (var reader = reader(kafka)) {
        await("the last stable offset at the end of the log")
            .atMost(Duration.ofSeconds(120))
            .until(() -> end(reader) > 1);
      }
      assertThat(data.resolve("logs").resolve("broker.log")).content().contains("former self");
    }
  }

  private static void create(LocalKafka kafka) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
    }
  }

  private static KafkaProducer<byte[], byte[]> begin(LocalKafka kafka)
      throws InterruptedException, ExecutionException {
    var producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                "left-open",
                "transaction.timeout.ms",
                8_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>("t", new byte[] {1})).get();
    return producer;
  }

  private static KafkaConsumer<byte[], byte[]> reader(LocalKafka kafka) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** The record, and the marker behind it. */
  private static long end(KafkaConsumer<byte[], byte[]> reader) {
    return reader.endOffsets(List.of(PARTITION)).getOrDefault(PARTITION, 0L);
  }
}
