package io.countermand.desk;

import io.countermand.kafka.streams.AnyTimestamp;
import io.countermand.platform.Topics;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The order of reading: a task takes the record with the smallest timestamp of those it has
 * fetched, so whatever is not an order event is given an earlier one. A backlog of a million order
 * events holds up no intent; an intent that overtakes an event costs a needless call at worst.
 */
final class IntentsFirst implements TimestampExtractor {

  /** Earlier by so much; the result stays a time after 1970, which Kafka Streams asks for. */
  private static final long AHEAD = Duration.ofDays(3650).toMillis();

  private final AnyTimestamp any = new AnyTimestamp();

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    long time = any.extract(record, partitionTime);
    return Math.max(0, time - ahead(record.topic()));
  }

  /** The time that a record had before it was given an earlier one. */
  static long original(String topic, long time) {
    return time + ahead(topic);
  }

  /** A mass cancel is read before any backlog. */
  private static long ahead(String topic) {
    return switch (topic) {
      case Topics.ORDER_EVENTS -> 0;
      case Topics.MASS_COMMANDS -> 2 * AHEAD;
      default -> AHEAD;
    };
  }
}
