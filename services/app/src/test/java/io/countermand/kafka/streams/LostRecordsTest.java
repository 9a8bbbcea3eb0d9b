package io.countermand.kafka.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.domain.order.Evidence;
import io.countermand.kafka.KafkaConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A record whose time is over before the broker can be reached again, and those behind it. */
@Tag("pipeline")
@Tag("long")
@ExtendWith(PipelineAccess.class)
class LostRecordsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** And yet time to send a second record before the first is given up. */
  private static final Map<String, String> SHORT =
      Map.of(
          "delivery.timeout.ms", "15000",
          "request.timeout.ms", "1000",
          "reconnect.backoff.max.ms", "100",
          "metadata.recovery.strategy", "none"); // as if another broker told of the topic

  /** Seldom between two records, and before the time of the first is over. */
  private static final Duration COMMIT = Duration.ofSeconds(3);

  private final KafkaConnection connection;
  private final String in = "lost-in-" + UUID.randomUUID();
  private final String out = "lost-out-" + UUID.randomUUID();

  LostRecordsTest(PipelineAccess.Stack stack) {
    this.connection = stack.connection();
  }

  @BeforeEach
  void topics() throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(in, 2, (short) 1), new NewTopic(out, 2, (short) 1)))
          .all()
          .get();
    }
  }

  /** Others count all that the shared broker has. */
  @AfterEach
  void noTopics() throws Exception {
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(in, out)).all().get();
      Awaitility.await("topics deleted")
          .atMost(PATIENCE)
          .until(
              () -> {
                Set<String> left = admin.listTopics().names().get();
                return !left.contains(in) && !left.contains(out);
              });
    }
  }

  @Test
  void shouldWriteNothingBehindALostRecord() throws Exception {
    // Given two records, the second sent when the first had been tried for a while
    Map<String, Object> settings = new HashMap<>();
    connection.producer("lost").forEach((key, value) -> settings.put((String) key, value));
    settings.putAll(SHORT);
    try (var gate = new Gate(connection.bootstrapServers())) {
      settings.put("bootstrap.servers", gate.address());
      try (Producer<byte[], byte[]> producer = new DurableSends().getProducer(settings)) {
        producer.partitionsFor(out);
        gate.shut();
        Future<RecordMetadata> first = producer.send(record("first"));
        Awaitility.await("tries").atMost(PATIENCE).until(() -> gate.swallowed() >= 2);
        Future<RecordMetadata> second = producer.send(record("second"));
        // When the time of the first is over
        assertThatThrownBy(first::get).hasCauseInstanceOf(TimeoutException.class);
        gate.open();
        // Then
        assertThatThrownBy(second::get).isNotNull();
        assertThatThrownBy(() -> producer.send(record("third"))).isInstanceOf(KafkaException.class);
        assertThatThrownBy(producer::flush).isInstanceOf(KafkaException.class);
        assertThat(written()).isEmpty();
      }
    }
  }

  @Test
  void shouldReadAgainWhateverWasLost(@TempDir Path directory) throws Exception {
    // Given two tasks of a thread, and a record of each that cannot be written
    var sends = new DurableSends();
    var lost = new AtomicInteger();
    Topology topology =
        new Topology()
            .addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), in)
            .addProcessor("copy", () -> new Copy(sends, lost), "in")
            .addSink("out", out, new ByteArraySerializer(), new ByteArraySerializer(), "copy");
    Properties settings =
        new StreamsSettings(in, directory, 1, 0, 1, COMMIT).properties(connection, false);
    SHORT.forEach((key, value) -> settings.put(StreamsConfig.producerPrefix(key), value));
    var gate = new Gate(connection.bootstrapServers());
    var role =
        new StreamsRole(
            "lost",
            topology,
            settings,
            before(gate, sends),
            new SimpleMeterRegistry(),
            List.of(in));
    try (gate;
        role;
        var producer =
            new KafkaProducer<>(
                connection.producer("test"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(in, 0, null, "before".getBytes(UTF_8))).get();
      role.start(() -> true, () -> "");
      Awaitility.await("start").atMost(PATIENCE).until(() -> written().contains("before"));
      gate.shut();
      producer.send(new ProducerRecord<>(in, 0, null, "a".getBytes(UTF_8)));
      producer.send(new ProducerRecord<>(in, 1, null, "b".getBytes(UTF_8))).get();
      Awaitility.await("losses").atMost(PATIENCE).until(() -> lost.get() >= 2);
      // When
      gate.open();
      // Then
      Awaitility.await("both")
          .atMost(PATIENCE)
          .until(() -> written().containsAll(List.of("a", "b")));
    }
  }

  /** Only producers: Kafka Streams has the same servers for all its clients. */
  private static KafkaClientSupplier before(Gate gate, DurableSends sends) {
    return new KafkaClientSupplier() {
      @Override
      public Admin getAdmin(Map<String, Object> config) {
        return sends.getAdmin(config);
      }

      @Override
      public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        Map<String, Object> there = new HashMap<>(config);
        there.put("bootstrap.servers", gate.address());
        return sends.getProducer(there);
      }

      @Override
      public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return sends.getConsumer(config);
      }

      @Override
      public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return sends.getRestoreConsumer(config);
      }

      @Override
      public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return sends.getGlobalConsumer(config);
      }
    };
  }

  private static final class Copy implements Processor<byte[], byte[], byte[], byte[]> {

    private final DurableSends sends;
    private final DurableSends.Then then;
    private @Nullable ProcessorContext<byte[], byte[]> context;

    Copy(DurableSends sends, AtomicInteger lost) {
      this.sends = sends;
      this.then =
          new DurableSends.Then() {
            @Override
            public void durable(Instant appended, Evidence at) {}

            @Override
            public void failed() {
              lost.incrementAndGet();
            }
          };
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      ProcessorContext<byte[], byte[]> here = Objects.requireNonNull(context);
      sends.send(() -> here.forward(record), then);
    }
  }

  private ProducerRecord<byte[], byte[]> record(String value) {
    return new ProducerRecord<>(out, 0, null, value.getBytes(UTF_8));
  }

  private Set<String> written() {
    Set<String> values = new HashSet<>();
    var partitions = List.of(new TopicPartition(out, 0), new TopicPartition(out, 1));
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            connection.consumer("test"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(record -> values.add(new String(record.value(), UTF_8)));
      }
    }
    return values;
  }

  private Admin admin() {
    return Admin.create(connection.admin("test"));
  }
}
