package io.countermand.audit.source;

import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which offsets of which topics an audit reads. Cancels that started in [from, to) are judged;
 * records are read from a margin before to a margin behind. Order events and order states are read
 * from the first that is kept, since a fold begins with the first event; of these, only those of
 * orders with a cancel are looked at.
 */
public final class Range {

  /** Producers' clocks may differ from each other by so much. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  /** Of mass cancels; an archive of an older version has none. */
  public static final List<String> MASSES =
      List.of(
          Topics.MASS_CANCELS,
          Topics.MASS_COMMANDS,
          Topics.MASS_PROGRESS,
          Topics.MASS_REPORTS,
          Topics.KILL_SWITCHES,
          Topics.HEARTBEATS);

  /** Read from the first that is kept: a kill switch may be on since long ago. */
  private static final Set<String> WHOLE =
      Set.of(
          Topics.ORDER_EVENTS,
          Topics.ORDER_STATES,
          Topics.MASS_CANCELS,
          Topics.MASS_COMMANDS,
          Topics.KILL_SWITCHES);

  /** Compacted; or looked at where one is missed. */
  private static final Set<String> NOT_CUT =
      Set.of(Topics.ORDER_STATES, Topics.KILL_SWITCHES, Topics.MASS_COMMANDS, Topics.MASS_CANCELS);

  /**
   * @param kept first offset that retention has left
   * @param from first offset read
   * @param to behind the last offset read
   */
  public record Part(String topic, int partition, long kept, long from, long to) {}

  public final Instant from;
  public final Instant to;
  public final Instant since;
  public final Instant horizon;
  public final int partitions;
  public final List<String> topics = new ArrayList<>();
  private final Map<String, Map<Integer, Part>> parts = new HashMap<>();
  private final Map<String, Instant> oldest = new HashMap<>();

  /**
   * @param from null: from the first record
   * @param to null: as far as there is anything
   * @throws IllegalArgumentException if it is empty, or topics are missing
   */
  public Range(RecordSource source, @Nullable Instant from, @Nullable Instant to, Duration margin) {
    this.from = from == null ? Instant.EPOCH : from;
    this.to = to == null || to.isAfter(source.asOf()) ? source.asOf() : to;
    if (!this.from.isBefore(this.to)) {
      throw new IllegalArgumentException(
          "nothing to audit: from " + this.from + " is not before to " + this.to);
    }
    this.since = from == null ? Instant.EPOCH : from.minus(margin);
    Instant until = this.to.plus(margin);
    this.horizon = until.isBefore(source.asOf()) ? until : source.asOf();
    List<String> missing = new ArrayList<>();
    for (String topic :
        List.of(
            Topics.INTENTS,
            Topics.PROGRESS,
            Topics.OUTCOMES,
            Topics.FINDINGS,
            Topics.RETRIES,
            Topics.ORDER_EVENTS,
            Topics.ORDER_STATES,
            Topics.DEAD_LETTERS)) {
      if (!add(source, topic, until)) {
        if (!topic.equals(Topics.FINDINGS)) { // archives of older versions have none
          missing.add(topic);
        }
      }
    }
    MASSES.forEach(topic -> add(source, topic, until));
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("missing topics in " + source.name() + ": " + missing);
    }
    partitions = parts(Topics.INTENTS).size();
    for (String topic :
        List.of(Topics.PROGRESS, Topics.OUTCOMES, Topics.RETRIES, Topics.ORDER_EVENTS)) {
      if (parts(topic).size() != partitions) {
        throw new IllegalArgumentException(
            topic + " has " + parts(topic).size() + " partitions, cancel-intents " + partitions);
      }
    }
  }

  private boolean add(RecordSource source, String topic, Instant last) {
    return add(
        source, topic, WHOLE.contains(topic) ? Instant.EPOCH : since.minus(SKEW), last.plus(SKEW));
  }

  private boolean add(RecordSource source, String topic, Instant since, Instant until) {
    List<RecordSource.Span> spans = source.spans(topic);
    Map<Integer, Part> all = new HashMap<>();
    for (RecordSource.Span span : spans) {
      long first = Math.max(span.first(), source.offsetAt(topic, span, since));
      long last = until.isAfter(source.asOf()) ? span.end() : source.offsetAt(topic, span, until);
      all.put(
          span.partition(),
          new Part(topic, span.partition(), span.start(), first, Math.max(first, last)));
      if (span.start() > 0 && span.first() < span.end()) {
        source.read(
            topic,
            span.partition(),
            span.first(),
            Math.min(span.end(), span.first() + 1),
            record ->
                oldest.merge(
                    topic,
                    Instant.ofEpochMilli(record.timestamp()),
                    (a, b) -> a.isAfter(b) ? a : b));
      }
    }
    if (!spans.isEmpty()) {
      topics.add(topic);
      parts.put(topic, all);
    }
    return !spans.isEmpty();
  }

  public Map<Integer, Part> parts(String topic) {
    return parts.getOrDefault(topic, Map.of());
  }

  @Nullable
  public Part part(String topic, int partition) {
    return parts(topic).get(partition);
  }

  /** Topics of which retention took something that lies in the range; with the oldest time left. */
  public Map<String, String> cut() {
    Map<String, String> cut = new HashMap<>();
    for (String topic : topics) {
      if (NOT_CUT.contains(topic)) {
        continue;
      }
      for (Part part : parts(topic).values()) {
        Instant first = oldest.get(topic);
        if (first == null && topic.equals(Topics.HEARTBEATS)) {
          continue; // kept for a week at most: nobody has armed a switch since
        }
        if (part.kept() > 0
            && part.from() == part.kept()
            && (first == null || first.isAfter(from))) {
          cut.put(
              topic,
              "retention took records of "
                  + topic
                  + " from before "
                  + (first == null ? "all that is left" : first));
        }
      }
    }
    return cut;
  }

  /** Whether retention may have taken what was written to the topic then. */
  public boolean took(String topic, Instant written) {
    Instant first = oldest.get(topic);
    return parts(topic).values().stream().anyMatch(part -> part.kept() > 0)
        && (first == null || first.isAfter(written));
  }

  public long records() {
    return parts.values().stream()
        .flatMap(all -> all.values().stream())
        .mapToLong(part -> part.to() - part.from())
        .sum();
  }
}
