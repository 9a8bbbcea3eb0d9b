package io.countermand.kafka.streams;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Which records this process has given to its tasks, whatever became of them. A task that begins
 * again after a record was lost reads some of them once more, over stores that have rows of which
 * the changelog has none. Thread-safe.
 */
public final class Given {

  private final Map<TopicPartition, Long> last = new ConcurrentHashMap<>();

  /** All up to this record, of this partition. */
  public void gave(TopicPartition partition, long offset) {
    last.merge(partition, offset, Math::max);
  }

  /** Offset of the last one; -1: none. */
  public long last(String topic, int partition) {
    return last.getOrDefault(new TopicPartition(topic, partition), -1L);
  }
}
