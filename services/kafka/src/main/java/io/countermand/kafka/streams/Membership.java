package io.countermand.kafka.streams;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a stream thread may still write what its tasks hold in their caches. Without transactions
 * nobody but itself keeps a thread that stood still for longer than its session from writing old
 * rows over those of its successor: when it commits, or when it closes what it has lost.
 *
 * <p>For the thread that polls the consumer, and no other.
 */
final class Membership {

  private final Duration trusted;
  private final Set<Integer> lost = new HashSet<>();
  private long provedNanos = System.nanoTime();
  private long provedMillis = System.currentTimeMillis();

  /**
   * @param session of the consumer; the group may have missed some heartbeats before the thread
   *     stood still, so only half of it is trusted
   */
  Membership(Duration session) {
    this.trusted = session.dividedBy(2);
  }

  /** The thread has polled; after it stood still, that alone proves nothing. */
  void polled() {
    if (!doubtful()) {
      proved();
    }
  }

  private void proved() {
    provedNanos = System.nanoTime();
    provedMillis = System.currentTimeMillis();
  }

  private boolean doubtful() {
    long nanos = System.nanoTime() - provedNanos;
    long millis = System.currentTimeMillis() - provedMillis; // goes on while a machine is suspended
    return Math.max(nanos / 1_000_000, millis) >= trusted.toMillis();
  }

  /** Tells this of what the group says before {@code others} hear it. */
  ConsumerRebalanceListener before(ConsumerRebalanceListener others) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        others.onPartitionsRevoked(partitions);
      }

      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> lost.remove(partition.partition()));
        proved();
        others.onPartitionsAssigned(partitions);
      }

      @Override
      public void onPartitionsLost(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> lost.add(partition.partition()));
        others.onPartitionsLost(partitions);
      }
    };
  }

  /**
   * Returns if the partition's stores are still this thread's to write. One that has not polled for
   * a while asks the group first, by committing again what is committed.
   *
   * @throws KafkaException that Kafka Streams takes for a fenced producer's: it gives up its tasks
   *     as they stand and joins the group again
   */
  void require(int partition, Consumer<?, ?> consumer) {
    if (lost.contains(partition)) {
      throw fenced("partition " + partition + " was lost", null);
    }
    if (!doubtful()) {
      return;
    }
    Set<TopicPartition> assigned = consumer.assignment();
    try {
      Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
      consumer
          .committed(assigned)
          .forEach(
              (one, offset) -> {
                if (offset != null) {
                  known.put(one, offset);
                }
              });
      if (known.isEmpty()) {
        throw new KafkaException("nothing is committed that could be committed again");
      }
      consumer.commitSync(known);
      proved();
    } catch (LostRecordException e) {
      throw e; // not the group's word: the thread ends anyway
    } catch (KafkaException e) {
      assigned.forEach(one -> lost.add(one.partition()));
      throw fenced("stood still, and is not known to its group any more", e);
    }
  }

  private static KafkaException fenced(String why, @Nullable KafkaException cause) {
    var fence = new ProducerFencedException(why);
    if (cause != null) {
      fence.addSuppressed(cause);
    }
    return new KafkaException(why, fence);
  }
}
