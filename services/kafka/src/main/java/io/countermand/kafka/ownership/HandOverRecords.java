package io.countermand.kafka.ownership;

import io.countermand.domain.decision.HandOver;
import io.countermand.domain.order.OrderRef;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A hand-over in cancel-intents: a record without a value, which no intent is, under a key of the
 * venue's that no order has, and what it says in a header.
 */
public final class HandOverRecords {

  static final String HEADER = "countermand-hand-over";

  /** Behind the venue and a slash: an order's key has another slash. */
  private static final String KEY = "hand-over";

  private HandOverRecords() {}

  static ProducerRecord<byte[], byte[]> of(HandOver handOver, int partition) {
    var headers = new RecordHeaders();
    String text = String.join("\n", handOver.venue(), handOver.from(), handOver.to());
    headers.add(HEADER, text.getBytes(StandardCharsets.UTF_8));
    byte[] key = (OrderRef.encode(handOver.venue()) + '/' + KEY).getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(Topics.INTENTS, partition, null, key, null, headers);
  }

  /**
   * What a record of cancel-intents says.
   *
   * @return null: it is no hand-over
   */
  public static @Nullable HandOver read(byte @Nullable [] value, Headers headers) {
    Header header = value == null ? headers.lastHeader(HEADER) : null;
    if (header == null || header.value() == null) {
      return null;
    }
    List<String> parts =
        List.of(new String(header.value(), StandardCharsets.UTF_8).split("\n", -1));
    return parts.size() == 3 ? new HandOver(parts.get(0), parts.get(1), parts.get(2)) : null;
  }
}
