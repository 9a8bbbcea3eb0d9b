package io.countermand.audit.story;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.audit.source.ArchiveSource;
import io.countermand.audit.source.AuditException;
import io.countermand.audit.source.Decoders;
import io.countermand.audit.source.KafkaSource;
import io.countermand.audit.source.Range;
import io.countermand.audit.source.RecordSource;
import io.countermand.audit.source.StoredRecord;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * {@code countermand story}: all that was recorded of one cancel, order or mass cancel, line by
 * line.
 */
public final class Story {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Story() {}

  /**
   * @param of a cancelId, an order key (venue/account/orderId), or the massId of a mass cancel or
   *     kill switch
   * @param archive null: the topics
   * @param line hears each line
   * @return the exit code: 1 if nothing of it was recorded
   */
  public static int tell(
      KafkaConnection connection,
      String of,
      @Nullable Path archive,
      @Nullable Instant from,
      @Nullable Instant to,
      boolean json,
      Consumer<String> line)
      throws IOException {
    try (RecordSource source =
        archive == null ? new KafkaSource(connection) : new ArchiveSource(archive)) {
      List<StoryLine> lines = lines(source, of, from, to);
      for (StoryLine one : lines) {
        line.accept(json ? json(one) : one.text());
      }
      if (lines.isEmpty()) {
        throw new IllegalArgumentException(
            "nothing is recorded of cancel, order or mass cancel '" + of + "' in " + source.name());
      }
      return 0;
    }
  }

  public static List<StoryLine> lines(
      RecordSource source, String of, @Nullable Instant from, @Nullable Instant to) {
    Range range = new Range(source, from, to, Duration.ofMinutes(30));
    Decoders decoders = Decoders.of(source.serdes());
    StoryTeller teller = new StoryTeller(decoders);
    boolean order = of.chars().filter(c -> c == '/').count() == 2;
    List<StoryLine> massCancel = order ? List.of() : MassStory.lines(source, range, of);
    if (!massCancel.isEmpty()) {
      return massCancel;
    }
    Set<String> orders = order ? Set.of(of) : ordersOf(source, range, teller, of);
    List<StoryLine> lines = new ArrayList<>();
    for (String key : orders) {
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      int partition = BuiltInPartitioner.partitionForKey(bytes, range.partitions);
      for (String topic : range.topics) {
        if (topic.equals(Topics.DEAD_LETTERS) || Range.MASSES.contains(topic)) {
          continue;
        }
        for (Range.Part part : range.parts(topic).values()) {
          if (part.partition() == partition) {
            read(source, part, bytes, row -> lines.add(teller.tell(row)));
          }
        }
      }
    }
    if (!order) {
      lines.removeIf(line -> line.cancelId() != null && !related(lines, of, line.cancelId()));
    }
    lines.sort(Comparator.comparing(StoryLine::at).thenComparing(StoryLine::written));
    return lines;
  }

  /** Of one cancel: its own records, those of the cancel that it joined or that took its place. */
  private static boolean related(List<StoryLine> lines, String of, String cancelId) {
    return cancelId.equals(of)
        || lines.stream()
            .filter(line -> of.equals(line.cancelId()))
            .anyMatch(
                line ->
                    cancelId.equals(line.details().get("leader"))
                        || cancelId.equals(line.details().get("joinedTo"))
                        || cancelId.equals(line.details().get("successor")));
  }

  private static void read(
      RecordSource source, Range.Part part, byte[] key, Consumer<StoredRecord> each) {
    long hash = StoredRecord.hash(key);
    source.read(
        part.topic(),
        part.partition(),
        part.from(),
        part.to(),
        record -> {
          if (StoredRecord.hash(record.key()) == hash) {
            each.accept(row(record));
          }
        });
  }

  /** Orders of which some record names the cancel; the values are searched, not decoded. */
  private static Set<String> ordersOf(
      RecordSource source, Range range, StoryTeller teller, String cancelId) {
    byte[] id = cancelId.getBytes(StandardCharsets.UTF_8);
    Set<String> orders = new HashSet<>();
    for (String topic : List.of(Topics.INTENTS, Topics.PROGRESS, Topics.OUTCOMES)) {
      for (Range.Part part : range.parts(topic).values()) {
        source.read(
            topic,
            part.partition(),
            part.from(),
            part.to(),
            record -> {
              if (record.key() != null
                  && contains(record.value(), id)
                  && cancelId.equals(teller.tell(row(record)).cancelId())) {
                orders.add(new String(record.key(), StandardCharsets.UTF_8));
              }
            });
      }
    }
    return orders;
  }

  private static boolean contains(byte @Nullable [] value, byte[] part) {
    if (value == null) {
      return false;
    }
    for (int i = 0; i + part.length <= value.length; i++) {
      int same = 0;
      while (same < part.length && value[i + same] == part[same]) {
        same++;
      }
      if (same == part.length) {
        return true;
      }
    }
    return false;
  }

  private static StoredRecord row(ConsumerRecord<byte[], byte[]> record) {
    return new StoredRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        0,
        false);
  }

  private static String json(StoryLine line) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("at", line.at().toString());
    fields.put("written", line.written().toString());
    fields.put("what", line.what());
    fields.put("cancelId", line.cancelId());
    fields.putAll(Map.of("details", line.details()));
    fields.put("topic", line.record().topic());
    fields.put("partition", line.record().partition());
    fields.put("offset", line.record().offset());
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new AuditException("a line cannot be written: " + e.getMessage(), e);
    }
  }
}
