package io.countermand.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** It is a broker: what we build on works. */
@ExtendWith(SharedPlatform.class)
class LocalKafkaTest {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration POLL = Duration.ofMillis(200);

  private final LocalPlatform platform = SharedPlatform.get();

  /** Else every first start waits ten seconds for a former self that never was. */
  @Test
  void shouldHaveHadNoFormerSelfWhenItIsNew() {
    assertThat(SharedPlatform.brokerLog()).content().doesNotContain("former self");
  }

  /** Else each broker of a test has a compiler that does not pay before its end. */
  @Test
  void shouldHaveTheJvmOptionsThatTheBuildGives() {
    String given = System.getProperty(LocalKafka.JVM_OPTIONS, "").strip();
    Assumptions.assumeFalse(given.isEmpty(), "the build gives some; this is not the build");
    assertThat(ProcessHandle.of(platform.brokerPid()).orElseThrow().info().commandLine())
        .hasValueSatisfying(line -> assertThat(line).contains(given));
  }

  @Test
  void shouldGiveBackWhatWasProduced() throws Exception {
    String topic = Clients.topic(platform);
    try (var producer = Clients.producer(platform, Map.of());
        var consumer = Clients.consumer(platform, Map.of())) {
      producer.send(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {2})).get();

      consumer.subscribe(List.of(topic));

      List<Byte> read = new ArrayList<>();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                consumer.poll(POLL).forEach(r -> read.add(r.value()[0]));
                assertThat(read).containsExactly((byte) 2);
              });
    }
  }

  @Test
  void shouldShareRecordsAmongAGroup() throws Exception {
    String topic = Clients.topic(platform);
    String group = UUID.randomUUID().toString();
    try (Admin admin = Clients.admin(platform)) {
      var earliest =
          new AlterConfigOp(
              new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
      var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(earliest))).all().get();
    }
    Map<String, Object> config =
        Map.of("bootstrap.servers", platform.bootstrapServers(), "group.id", group);
    try (var producer = Clients.producer(platform, Map.of());
        var consumer =
            new KafkaShareConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      producer.send(new ProducerRecord<>(topic, new byte[] {7})).get();

      consumer.subscribe(List.of(topic));

      List<Byte> read = new ArrayList<>();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                consumer.poll(POLL).forEach(r -> read.add(r.value()[0]));
                assertThat(read).containsExactly((byte) 7);
              });
      assertThat(consumer.commitSync()).allSatisfy((part, error) -> assertThat(error).isEmpty());
    }
  }

  @Test
  void shouldShowOnlyCommittedTransactions() throws Exception {
    String topic = Clients.topic(platform);
    var transactional =
        Map.of("transactional.id", UUID.randomUUID().toString(), "transaction.timeout.ms", "10000");
    try (var producer = Clients.producer(platform, transactional);
        var consumer = Clients.consumer(platform, Map.of("isolation.level", "read_committed"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, new byte[] {2})).get();

      producer.commitTransaction();

      consumer.subscribe(List.of(topic));
      List<Byte> read = new ArrayList<>();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                consumer.poll(POLL).forEach(r -> read.add(r.value()[0]));
                assertThat(read).containsExactly((byte) 2);
              });
    }
  }

  @Test
  void shouldTakeARecordAsLargeAsTheCatalogueAllows() throws Exception {
    String topic = "large-" + UUID.randomUUID();
    try (Admin admin = Clients.admin(platform);
        var producer = Clients.producer(platform, Map.of("max.request.size", 8_000_000))) {
      var large = new org.apache.kafka.clients.admin.NewTopic(topic, 1, (short) 1);
      large.configs(Map.of("max.message.bytes", String.valueOf(4 * 1024 * 1024)));
      admin.createTopics(List.of(large)).all().get();

      var sent = producer.send(new ProducerRecord<>(topic, new byte[4_000_000])).get();

      assertThat(sent.offset()).isZero();
    }
  }
}
