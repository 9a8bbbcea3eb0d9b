package io.countermand.audit.source;

import io.countermand.domain.order.Evidence;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A recorded record, as it is joined.
 *
 * @param print of key, value, timestamp and headers
 * @param spent whether it was published again from wrong places as often as that is done
 */
@SuppressWarnings("ArrayRecordComponent")
public // never compared as a whole
record StoredRecord(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    long print,
    boolean spent) {

  public Evidence at() {
    return new Evidence(topic, partition, offset);
  }

  public Instant time() {
    return Instant.ofEpochMilli(timestamp);
  }

  /** 64 bits that differ for different keys, mostly; who relies on it compares the keys, too. */
  public static long hash(byte @Nullable [] bytes) {
    if (bytes == null) {
      return 0;
    }
    long hash = 0xcbf29ce484222325L;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  public static long print(
      byte @Nullable [] key, byte @Nullable [] value, long timestamp, Headers headers) {
    long print = mix(hash(key) + timestamp * 31);
    for (Header header : headers) {
      print = mix(print ^ hash(header.key().getBytes(StandardCharsets.UTF_8)));
      print = mix(print + hash(header.value()));
    }
    return mix(print ^ hash(value));
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
