package io.countermand.audit.replay;

import static java.util.Objects.requireNonNull;

import io.countermand.audit.source.AuditException;
import io.countermand.kafka.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The topic that a replay is written to, in transactions: what a killed replay had not committed is
 * not there, and what it had committed says itself how far it had come. A second replay into the
 * same topic fences the first. One thread beside the producer's.
 */
final class ReplayTarget implements AutoCloseable {

  private final KafkaConnection connection;
  private final String source;
  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private boolean open;

  /** Of the first record that was not written; by the producer's thread. */
  private volatile @Nullable Exception failed;

  private ReplayTarget(KafkaConnection connection, String source, String topic) {
    this.connection = connection;
    this.source = source;
    this.topic = topic;
    Properties settings = ReplayTimeouts.producer(connection, "replay");
    settings.put("transactional.id", "countermand-replay-" + topic);
    settings.put("transaction.timeout.ms", "10000"); // the longest that our own brokers allow
    settings.put("linger.ms", "5");
    settings.put("compression.type", "lz4");
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Creates the topic if it is not there.
   *
   * @throws IllegalArgumentException if it is one of the pipeline's, or would not keep the records
   */
  static ReplayTarget open(
      KafkaConnection connection, Replay.Options options, ReplayHistory history) {
    String topic = String.valueOf(options.target());
    if (live(topic, options.topic())) {
      throw new IllegalArgumentException(
          topic + " belongs to the pipeline; replay into a topic of its own");
    }
    prepare(connection, topic, history);
    var target = new ReplayTarget(connection, options.topic(), topic);
    boolean good = false;
    try {
      target.producer.initTransactions();
      good = true;
      return target;
    } finally {
      if (!good) {
        target.close();
      }
    }
  }

  private static boolean live(String topic, String source) {
    return Replay.pipelines(topic)
        || topic.equals(source)
        || topic.startsWith("countermand-")
        || topic.startsWith("__");
  }

  private static void prepare(KafkaConnection connection, String topic, ReplayHistory history) {
    try (Admin admin = Admin.create(ReplayTimeouts.admin(connection, "replay"))) {
      if (!admin.listTopics().names().get().contains(topic)) {
        var made =
            new NewTopic(topic, Optional.of(history.partitions()), Optional.empty())
                .configs(
                    Map.of(
                        "message.timestamp.type",
                        "CreateTime",
                        "retention.ms",
                        "-1",
                        "max.message.bytes",
                        Integer.toString(4 * 1024 * 1024)));
        admin.createTopics(List.of(made)).all().get();
        return;
      }
      var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      Config is =
          requireNonNull(admin.describeConfigs(List.of(resource)).values().get(resource)).get();
      int partitions =
          requireNonNull(admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
              .get()
              .partitions()
              .size();
      check(topic, is, partitions, history);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException away) {
        throw away;
      }
      throw new IllegalArgumentException(
          "topic " + topic + " cannot be prepared: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditException("stopped", e);
    }
  }

  private static void check(String topic, Config is, int partitions, ReplayHistory history) {
    if (partitions < history.partitions()) {
      throw new IllegalArgumentException(
          topic + " has " + partitions + " partitions, " + history.partitions() + " are needed");
    }
    if (!is.get("message.timestamp.type").value().equals("CreateTime")) {
      throw new IllegalArgumentException(
          topic + " stamps records itself; set message.timestamp.type=CreateTime");
    }
    long retention = Long.parseLong(is.get("retention.ms").value());
    Instant oldest = history.oldest();
    if (retention >= 0 && oldest != null && oldest.isBefore(Instant.now().minusMillis(retention))) {
      throw new IllegalArgumentException(
          topic
              + " keeps records for "
              + Duration.ofMillis(retention)
              + " and these are older: Kafka would delete them; set retention.ms=-1");
    }
  }

  /** Last offset of the source that is here, by partition. */
  Map<Integer, Long> done() {
    Properties settings = ReplayTimeouts.consumer(connection, "replay-target");
    settings.put("isolation.level", "read_committed");
    Map<Integer, Long> done = new HashMap<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      for (TopicPartition p : partitions) {
        long start = starts.getOrDefault(p, 0L);
        long end = ends.getOrDefault(p, 0L);
        long last = last(consumer, p, start, end, new ReplayTimeouts(settings));
        if (last >= 0) {
          done.put(p.partition(), last);
        }
      }
    }
    return done;
  }

  /** Looks from the end backwards, in steps that double; marks of transactions lie there. */
  private long last(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long start,
      long end,
      ReplayTimeouts patience) {
    consumer.assign(List.of(partition));
    long upTo = end;
    for (long step = 16; upTo > start; step *= 2) {
      long from = Math.max(start, upTo - step);
      consumer.seek(partition, from);
      long last = -1;
      long at = from;
      for (long before = at; at < upTo; before = at) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          last = Math.max(last, record.offset() < upTo ? original(record) : -1);
        }
        at = consumer.position(partition);
        patience.heard(at != before);
      }
      if (last >= 0) {
        return last;
      }
      upTo = from;
    }
    return -1;
  }

  /** Offset in the source; -1: not a replay of it. */
  private long original(ConsumerRecord<byte[], byte[]> record) {
    Header mark = record.headers().lastHeader(Replay.MARK);
    String prefix = source + "-" + record.partition() + "@";
    String text = mark == null ? "" : new String(mark.value(), StandardCharsets.UTF_8);
    return text.startsWith(prefix) ? Long.parseLong(text.substring(prefix.length())) : -1;
  }

  void send(ConsumerRecord<byte[], byte[]> record) {
    if (!open) {
      producer.beginTransaction();
      open = true;
    }
    var headers = new RecordHeaders(record.headers().toArray());
    headers.add(Replay.MARK, Replay.mark(record));
    Future<RecordMetadata> sent =
        producer.send(
            new ProducerRecord<>(
                topic,
                record.partition(),
                record.timestamp(),
                record.key(),
                record.value(),
                headers),
            (written, error) -> {
              if (error != null && failed == null) {
                failed = error;
              }
            });
    if (sent.state() == Future.State.FAILED) { // it has waited for Kafka already: so would the next
      throw because(
          sent.exceptionNow() instanceof KafkaException e
              ? e
              : new KafkaException(sent.exceptionNow()));
    }
  }

  void commit() {
    if (open) {
      try {
        producer.commitTransaction();
      } catch (KafkaException e) {
        throw because(e);
      }
      open = false;
    }
  }

  /**
   * Where records may or may not have been written, a producer says only that it is in an error
   * state; the first record that failed says why.
   */
  private KafkaException because(KafkaException error) {
    return failed instanceof RetriableException first && !Replay.mayPass(error)
        ? new KafkaException(error.getMessage(), first)
        : error;
  }

  /** What is not committed is not there. */
  @Override
  public void close() {
    producer.close(ReplayTimeouts.CLOSE);
  }
}
