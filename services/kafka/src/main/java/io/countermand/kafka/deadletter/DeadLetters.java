package io.countermand.kafka.deadletter;

import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadLetter;
import io.countermand.events.DeadLetterReason;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes dead letters; what is unreadable is kept as read, cut at 64 KiB. */
public final class DeadLetters {

  private static final int MOST_VALUE = 64 * 1024;
  private static final int MOST_KEY = 4 * 1024;
  private static final int MOST_TEXT = 1000;

  private final String by;
  private final DeadLetterCounts counts;

  /**
   * @param by role and instance that gives up on records
   */
  public DeadLetters(String by, DeadLetterCounts counts) {
    this.by = by;
    this.counts = counts;
  }

  /**
   * @param timestamp the record's Kafka timestamp, milliseconds
   */
  public DeadLetter of(
      Evidence source,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      DeadLetterReason reason,
      String text) {
    counts.count(source.topic(), reason);
    return DeadLetter.newBuilder()
        .setSource(
            new io.countermand.events.Evidence(source.topic(), source.partition(), source.offset()))
        .setTimestamp(Instant.ofEpochMilli(Math.max(0, timestamp)))
        .setKey(cut(key, MOST_KEY))
        .setValue(cut(value, MOST_VALUE))
        .setValueSize(value == null ? -1 : value.length)
        .setReason(reason)
        .setText(text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text)
        .setBy(by)
        .setAt(Instant.now())
        .build();
  }

  /** The key that a dead letter has: the record's own, cut. */
  public static byte @Nullable [] key(byte @Nullable [] key) {
    return key == null || key.length <= MOST_KEY ? key : Arrays.copyOf(key, MOST_KEY);
  }

  private static @Nullable ByteBuffer cut(byte @Nullable [] bytes, int most) {
    return bytes == null
        ? null
        : ByteBuffer.wrap(bytes.length <= most ? bytes : Arrays.copyOf(bytes, most));
  }
}
