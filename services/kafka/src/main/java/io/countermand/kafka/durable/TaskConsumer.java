package io.countermand.kafka.durable;

import io.countermand.kafka.LostRecordException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer of a stream thread. It knows whether its group still knows it, what it has handed
 * on, and which offsets are still to be committed. For that thread, and no other.
 */
final class TaskConsumer extends KafkaConsumer<byte[], byte[]> {

  private static final Logger LOG = LoggerFactory.getLogger(TaskConsumer.class);

  /** A group that does not answer keeps nobody from leaving it. */
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(5);

  /** Of the present thread; null: it has not polled yet, or is no stream thread. */
  private static final ThreadLocal<@Nullable TaskConsumer> POLLED = new ThreadLocal<>();

  private final Membership membership;
  private final TrailingCommits commits = new TrailingCommits(System::nanoTime);

  /** Of the same thread; null: it has flushed nothing yet. */
  private @Nullable TaskProducer writes;

  /** Whether the group may be taking partitions away: what is committed then is waited for. */
  private boolean polling;

  /** Whether a commit is to prove that the group knows this consumer. */
  private boolean proving;

  /** The last record that was handed to Kafka Streams, by partition. */
  private final Map<TopicPartition, Long> handed = new HashMap<>();

  TaskConsumer(Map<String, Object> config) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    Object session = config.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
    membership = new Membership(Duration.ofMillis(Long.parseLong(String.valueOf(session))));
  }

  /** The present thread's; null: it has not polled yet, or is no stream thread. */
  static @Nullable TaskConsumer ofThread() {
    return POLLED.get();
  }

  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
    super.subscribe(topics, settled(membership.before(listener)));
  }

  @Override
  public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
    super.subscribe(pattern, settled(membership.before(listener)));
  }

  private ConsumerRebalanceListener settled(ConsumerRebalanceListener others) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        settle();
        others.onPartitionsRevoked(partitions);
        commits.forget(partitions);
      }

      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        others.onPartitionsAssigned(partitions);
      }

      @Override
      public void onPartitionsLost(Collection<TopicPartition> partitions) {
        commits.forget(partitions);
        others.onPartitionsLost(partitions);
      }
    };
  }

  /**
   * @throws LostRecordException so that who waits for nothing hears of it, too
   */
  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    POLLED.set(this);
    if (writes != null) {
      writes.requireWhole();
    }
    commits.send((offsets, heard) -> super.commitAsync(offsets, heard::accept));
    ConsumerRecords<byte[], byte[]> found;
    polling = true;
    try {
      found = super.poll(timeout);
    } finally {
      polling = false;
    }
    membership.polled();
    for (TopicPartition partition : found.partitions()) {
      handed.put(partition, found.records(partition).getLast().offset());
    }
    return found;
  }

  /** Whether all before an offset was handed on, and read by who has read {@code last}. */
  boolean nothingBetween(TopicPartition partition, long last, long before) {
    return handed.getOrDefault(partition, -1L) <= last
        && assignment().contains(partition)
        && position(partition, Duration.ZERO) >= before;
  }

  /** Returns if the partition's stores are still this thread's to write; see Membership. */
  void requireHeld(int partition) {
    proving = true;
    try {
      membership.require(partition, this);
    } finally {
      proving = false;
    }
  }

  /** Whether what {@code writes} has sent need not be waited for before the next commit. */
  boolean mayTrail(TaskProducer writes) {
    this.writes = writes;
    return !polling && commits.ended();
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (proving) {
      super.commitSync(commits.noneTakenBack(offsets));
    } else if (writes != null && mayTrail(writes)) {
      commits.begin(offsets, writes.sentSoFar());
    } else {
      commits.now(offsets, this::flush, super::commitSync);
    }
  }

  private void flush() {
    if (writes != null) {
      writes.flushed();
    }
  }

  /** Commits what was to be committed later, as far as that is possible. */
  private void settle() {
    if (!commits.ended()) {
      try {
        commits.now(Map.of(), this::flush, all -> super.commitSync(all, SETTLED_WITHIN));
      } catch (KafkaException e) { // it is read again
        LOG.atInfo().addKeyValue("error", e.toString()).log("offsets could not be committed");
      }
    }
  }

  @Override
  public void close() {
    settle();
    super.close();
  }

  @Override
  public void close(CloseOptions options) {
    settle();
    super.close(options);
  }
}
