package io.countermand.audit.source;

import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The topics of a cluster, read committed and without a group: nobody is disturbed. */
public final class KafkaSource implements RecordSource {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STALLED = Duration.ofSeconds(60);

  private final KafkaConnection connection;
  private final EventSerdes serdes;
  private final Instant asOf = Instant.now();
  private final ConcurrentLinkedDeque<KafkaConsumer<byte[], byte[]>> idle =
      new ConcurrentLinkedDeque<>();
  private final Map<String, List<PartitionInfo>> topics;

  /**
   * @throws IllegalStateException if the cluster does not answer
   */
  public KafkaSource(KafkaConnection connection) {
    this.connection = connection;
    this.serdes = connection.serdes();
    this.topics = with(KafkaConsumer::listTopics);
  }

  @Override
  public String name() {
    return "the topics at " + connection.bootstrapServers();
  }

  @Override
  public Set<String> topics() {
    return topics.keySet();
  }

  @Override
  public List<Span> spans(String topic) {
    List<TopicPartition> partitions =
        topics.getOrDefault(topic, List.of()).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    if (partitions.isEmpty()) {
      return List.of();
    }
    return with(
        consumer -> {
          consumer.assign(partitions); // else each is warned of
          Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
          Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
          List<Span> spans = new ArrayList<>();
          for (TopicPartition p : partitions) {
            long start = starts.getOrDefault(p, 0L);
            spans.add(new Span(p.partition(), start, start, ends.getOrDefault(p, 0L)));
          }
          spans.sort(Comparator.comparingInt(Span::partition));
          return spans;
        });
  }

  @Override
  public long offsetAt(String topic, Span span, Instant time) {
    if (!time.isAfter(Instant.EPOCH)) {
      return span.start();
    }
    var partition = new TopicPartition(topic, span.partition());
    return with(
        consumer -> {
          @Nullable OffsetAndTimestamp found =
              consumer.offsetsForTimes(Map.of(partition, time.toEpochMilli())).get(partition);
          return found == null
              ? span.end()
              : Math.clamp(found.offset(), span.start(), Math.max(span.start(), span.end()));
        });
  }

  @Override
  public void read(
      String topic,
      int partition,
      long from,
      long to,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    if (from >= to) {
      return;
    }
    var one = new TopicPartition(topic, partition);
    Boolean _ =
        with(
            consumer -> {
              consumer.assign(List.of(one));
              consumer.seek(one, from);
              long moved = System.nanoTime();
              long at = from;
              while (at < to) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                  if (record.offset() < to) {
                    each.accept(record);
                  }
                }
                long now = consumer.position(one);
                if (now > at) {
                  moved = System.nanoTime();
                } else if (System.nanoTime() - moved > STALLED.toNanos()) {
                  throw new IllegalStateException(
                      "%s-%d stands still at offset %d of %d; is a transaction open, or the broker away?"
                          .formatted(topic, partition, at, to));
                }
                at = now;
              }
              return true;
            });
  }

  private <T> T with(Function<KafkaConsumer<byte[], byte[]>, T> use) {
    KafkaConsumer<byte[], byte[]> consumer = idle.poll();
    boolean good = false;
    try {
      consumer = consumer == null ? open() : consumer;
      T result = use.apply(consumer);
      good = true;
      return result;
    } catch (KafkaException e) {
      throw new IllegalStateException(
          "Kafka at " + connection.bootstrapServers() + " cannot be read: " + e.getMessage(), e);
    } finally {
      if (consumer != null) {
        if (good) {
          idle.add(consumer);
        } else {
          consumer.close();
        }
      }
    }
  }

  private KafkaConsumer<byte[], byte[]> open() {
    Properties settings = connection.consumer("audit");
    settings.put("isolation.level", "read_committed");
    settings.put("auto.offset.reset", "none");
    settings.put("max.poll.records", "4000");
    settings.put("max.partition.fetch.bytes", Integer.toString(4 * 1024 * 1024));
    settings.put("fetch.max.bytes", Integer.toString(8 * 1024 * 1024));
    settings.put("default.api.timeout.ms", "30000");
    // All that is read is there. Else what was fetched ahead at a partition's end keeps the next
    // partition waiting for half a second.
    settings.put("fetch.max.wait.ms", "20");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public EventSerdes serdes() {
    return serdes;
  }

  @Override
  public Instant asOf() {
    return asOf;
  }

  @Override
  public void close() {
    idle.forEach(KafkaConsumer::close);
    serdes.close();
  }
}
