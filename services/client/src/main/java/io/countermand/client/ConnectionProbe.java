package io.countermand.client;

import io.countermand.events.serde.RegistryUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Whether what a client needs is there. */
final class ConnectionProbe {

  private static final long PAUSE = Duration.ofMillis(200).toNanos();

  private ConnectionProbe() {}

  /**
   * Learns the id of a topic's schema, so that later sends need no registry.
   *
   * @param example is not sent
   * @throws RegistryUnavailableException when it could not be asked for the whole time
   */
  static <T> void schema(Serializer<T> values, String topic, T example, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    while (true) {
      try {
        var _ = values.serialize(topic, example);
        return;
      } catch (RegistryUnavailableException e) {
        if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  /**
   * The partitions of a topic.
   *
   * @throws ClientException if there is no such topic
   */
  static List<Integer> partitions(Consumer<?, ?> consumer, String topic, Duration within) {
    @Nullable List<PartitionInfo> found;
    try {
      found = consumer.partitionsFor(topic, within);
    } catch (UnknownTopicOrPartitionException e) {
      found = null;
    }
    if (found == null || found.isEmpty()) {
      throw new ClientException(
          Problem.TOPIC_MISSING,
          "connecting: there is no topic "
              + topic
              + " that these credentials may see; create the"
              + " topics with `countermand topics apply`, or check bootstrap.servers and rights",
          null);
    }
    return found.stream().map(PartitionInfo::partition).sorted().toList();
  }
}
