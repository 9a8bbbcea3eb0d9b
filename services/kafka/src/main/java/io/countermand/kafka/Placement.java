package io.countermand.kafka;

import io.countermand.domain.order.Evidence;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.Header;
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

  private static final Pattern PLACE = Pattern.compile("-([0-9]{1,7})@([0-9]{1,18})");
  private static final int LONGEST_PLACE = 300;

  /**
   * Marks a record that was published again under its right key; says from where, as {@code
   * topic-partition@offset}. One header for each time.
   */
  public static final String MOVED_FROM = "countermand-moved-from";

  /**
   * Once is enough, unless partition counts disagree, and then no number is. More, since a mirror
   * between clusters whose topics have the same names copies the header, and it looks true.
   */
  public static final int MOST_MOVES = 3;

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

  /** Why a record is given up that is in the wrong place again. */
  public static final String WRONG_PLACE =
      "moved again and again and still in the wrong partition (do partition counts differ?), from ";

  /** The header for a record that is published again. */
  public static byte[] movedFrom(Evidence at) {
    return place(at).getBytes(StandardCharsets.UTF_8);
  }

  /** As the header says it. */
  public static String place(Evidence at) {
    return at.topic() + "-" + at.partition() + "@" + at.offset();
  }

  /**
   * From where the record was moved before, as far as that can be believed: a place of this very
   * topic, and an earlier one if it is the same partition. Anybody can write a header, and mirrors
   * copy it, so it only bounds how often a record is moved; it is never why one goes unanswered.
   *
   * @param at where the record stands
   * @return distinct places, {@link #MOST_MOVES} at the most
   */
  public Set<String> moves(Headers headers, Evidence at) {
    Set<String> places = new LinkedHashSet<>();
    for (Header header : headers.headers(MOVED_FROM)) {
      if (places.size() < MOST_MOVES && header.value() != null) {
        Evidence from = from(at.topic(), header.value());
        if (from != null && canBe(from, at)) {
          places.add(place(from));
        }
      }
    }
    return places;
  }

  private boolean canBe(Evidence from, Evidence at) {
    return from.partition() < partitions
        && (from.partition() != at.partition() || from.offset() < at.offset());
  }

  private static @Nullable Evidence from(String topic, byte[] value) {
    String text = new String(value, StandardCharsets.UTF_8);
    if (value.length > LONGEST_PLACE || !text.startsWith(topic + "-")) {
      return null;
    }
    Matcher place = PLACE.matcher(text.substring(topic.length()));
    return place.matches()
        ? new Evidence(topic, Integer.parseInt(place.group(1)), Long.parseLong(place.group(2)))
        : null;
  }
}
