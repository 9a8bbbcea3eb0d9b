package io.countermand.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record stands where its order's other records stand: right key, and the partition that
 * Kafka's default partitioner (murmur2) gives that key. Producers in other languages often use
 * another partitioner (librdkafka: CRC32), and a record in the wrong partition would meet another
 * state table.
 *
 * @param partitions partition count of the order-keyed topics
 */
public record Placement(int partitions) {

  /** Marks a record that was published again under its right key, so that it moves only once. */
  public static final String MOVED_FROM = "countermand-moved-from";

  public boolean right(byte @Nullable [] key, int partition, String orderKey) {
    byte[] expected = orderKey.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(key, expected) && partition == partition(expected);
  }

  /** Where all records of the order stand. */
  public int partition(String orderKey) {
    return partition(orderKey.getBytes(StandardCharsets.UTF_8));
  }

  private int partition(byte[] key) {
    return BuiltInPartitioner.partitionForKey(key, partitions);
  }

  public static boolean moved(Headers headers) {
    return headers.lastHeader(MOVED_FROM) != null;
  }
}
