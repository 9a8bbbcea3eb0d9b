package io.countermand.audit;

import io.countermand.audit.source.AuditException;
import io.countermand.audit.source.RecordSource;
import io.countermand.events.serde.EventSerdes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Topics as a list of records, which a test may change. */
final class MemorySource implements RecordSource {

  private final EventSerdes serdes;
  private final Instant asOf;
  private final Map<String, List<Span>> spans = new TreeMap<>();
  private String failing = "";
  final List<ConsumerRecord<byte[], byte[]>> records;

  private MemorySource(
      EventSerdes serdes,
      Instant asOf,
      Map<String, List<Span>> spans,
      List<ConsumerRecord<byte[], byte[]>> records) {
    this.serdes = serdes;
    this.asOf = asOf;
    this.spans.putAll(spans);
    this.records = records;
  }

  /**
   * @param asOf later than all of it: whatever must be there by then is missed
   */
  static MemorySource copy(RecordSource source, Instant asOf) {
    Map<String, List<Span>> spans = new TreeMap<>();
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String topic : source.topics()) {
      if (topic.startsWith("_") || topic.startsWith("countermand-")) {
        continue;
      }
      spans.put(topic, source.spans(topic));
      for (Span span : source.spans(topic)) {
        source.read(topic, span.partition(), span.first(), span.end(), records::add);
      }
    }
    return new MemorySource(source.serdes(), asOf, spans, records);
  }

  MemorySource with(EventSerdes other) {
    return new MemorySource(other, asOf, spans, records);
  }

  MemorySource copy() {
    return new MemorySource(serdes, asOf, spans, new ArrayList<>(records));
  }

  /** The topic's retention took what was before. */
  void cut(String topic, int partition, long before) {
    records.removeIf(
        r -> r.topic().equals(topic) && r.partition() == partition && r.offset() < before);
    List<Span> all = new ArrayList<>();
    for (Span span : spans.get(topic)) {
      boolean its = span.partition() == partition;
      all.add(its ? new Span(partition, before, before, span.end()) : span);
    }
    spans.put(topic, all);
  }

  void forget(String topic) {
    spans.remove(topic);
  }

  /** Reading the topic ends as on a full disk. */
  void failAt(String topic) {
    failing = topic;
  }

  /** Where the next record of the partition stands. */
  long end(String topic, int partition) {
    return spans(topic).stream().filter(s -> s.partition() == partition).findFirst().get().end();
  }

  void append(ConsumerRecord<byte[], byte[]> record) {
    records.add(record);
    List<Span> all = new ArrayList<>();
    for (Span span : spans.get(record.topic())) {
      boolean its = span.partition() == record.partition();
      all.add(
          its ? new Span(span.partition(), span.start(), span.first(), record.offset() + 1) : span);
    }
    spans.put(record.topic(), all);
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Set<String> topics() {
    return spans.keySet();
  }

  @Override
  public List<Span> spans(String topic) {
    return spans.getOrDefault(topic, List.of());
  }

  @Override
  public long offsetAt(String topic, Span span, Instant time) {
    if (!time.isAfter(Instant.EPOCH)) {
      return span.first();
    }
    return records.stream()
        .filter(r -> r.topic().equals(topic) && r.partition() == span.partition())
        .filter(r -> r.timestamp() >= time.toEpochMilli())
        .mapToLong(ConsumerRecord::offset)
        .min()
        .orElse(span.end());
  }

  @Override
  public void read(
      String topic,
      int partition,
      long from,
      long to,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    if (topic.equals(failing)) {
      throw new AuditException(
          "records cannot be kept: No space left on device", new java.io.IOException());
    }
    records.stream()
        .filter(r -> r.topic().equals(topic) && r.partition() == partition)
        .filter(r -> r.offset() >= from && r.offset() < to)
        .sorted(Comparator.comparingLong(ConsumerRecord::offset))
        .forEach(each);
  }

  @Override
  public EventSerdes serdes() {
    return serdes;
  }

  @Override
  public Instant asOf() {
    return asOf;
  }

  @Override
  public void close() {}
}
